import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CONFIRMED_AFTER_MS, firstLook, nextLook, STEP_MS } from '../../../src/platform/clock/step-guard.ts'

const WALL = 1_800_000_000_000
const HOUR = 3_600_000
const look = (monotonic: number, aheadMs = 0) => ({ monotonic, wall: WALL + monotonic + aheadMs })

describe('a step of the wall clock', () => {
  test.each([HOUR, -HOUR])('of %d ms is doubted for an hour', (aheadMs) => {
    let state = nextLook(firstLook(look(0), undefined), look(1_000, aheadMs))
    expect(state.doubted).toEqual({ since: 1_000, byMs: aheadMs })
    state = nextLook(state, look(1_000 + CONFIRMED_AFTER_MS - 1, aheadMs))
    expect(state.doubted).toBeDefined()
    expect(nextLook(state, look(1_000 + CONFIRMED_AFTER_MS, aheadMs)).doubted).toBeUndefined()
  })
  test('that is taken back leaves no doubt', () => {
    const stepped = nextLook(firstLook(look(0), undefined), look(1_000, HOUR))
    expect(nextLook(stepped, look(2_000)).doubted).toBeUndefined()
  })
  test('during a restart is doubted too', () => {
    expect(firstLook(look(0, HOUR), WALL).doubted).toEqual({ since: 0, byMs: HOUR })
    expect(firstLook(look(0, -HOUR), WALL).doubted).toEqual({ since: 0, byMs: -HOUR })
    expect(firstLook(look(0), WALL - STEP_MS).doubted).toBeUndefined()
    expect(firstLook(look(0), undefined).doubted).toBeUndefined()
  })
  test('is never believed within an hour, whatever the looks between', () => {
    const looks = fc.array(fc.integer({ min: 0, max: CONFIRMED_AFTER_MS - 1 }), { maxLength: 30 })
    fc.assert(
      fc.property(fc.integer({ min: STEP_MS + 1 }), looks, (stepMs, times) => {
        let state = nextLook(firstLook(look(0), undefined), look(0, stepMs))
        for (const time of times.sort((a, b) => a - b)) {
          state = nextLook(state, look(time, stepMs))
          expect(state.doubted?.byMs).toBe(stepMs)
        }
      }),
    )
  })
})
