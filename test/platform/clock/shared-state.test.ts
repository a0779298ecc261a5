import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterMeasurement, doubtAt, type SharedState } from '../../../src/platform/clock/shared-state.ts'

const at = (offsetMs: number, time: number, uncertaintyMs = 5) => ({ offsetMs, uncertaintyMs, at: time })
const stateAfter = (...all: ReturnType<typeof at>[]) => all.reduce(afterMeasurement, {} as SharedState)

describe('the offset of the database', () => {
  test('is unknown before the first measurement', () => {
    expect(doubtAt({}, 0)).toEqual({ earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY })
  })
  test('is certain after the first, however far off this machine is', () => {
    expect(doubtAt(stateAfter(at(7_200_000, 0)), 10)).toBeUndefined()
  })
  test('is not learned from an answer that took more than a second', () => {
    expect(stateAfter(at(3, 0, 501))).toEqual({})
    expect(stateAfter(at(3, 0), at(9_000, 1, 501)).jumpedTo).toBeUndefined()
  })
  test('is in doubt after a jump, between both times', () => {
    const doubt = doubtAt(stateAfter(at(0, 0), at(30_000, 10)), 10)
    expect(doubt?.earliest).toBeLessThanOrEqual(10)
    expect(doubt?.latest).toBeGreaterThanOrEqual(30_010)
  })
  test('is certain again once the next measurement confirms the jump or takes it back', () => {
    expect(stateAfter(at(0, 0), at(30_000, 10), at(30_001, 20))).toEqual({ sure: at(30_001, 20) })
    expect(stateAfter(at(0, 0), at(30_000, 10), at(1, 20))).toEqual({ sure: at(1, 20) })
    expect(stateAfter(at(0, 0), at(30_000, 10), at(90_000, 20)).jumpedTo).toEqual(at(90_000, 20))
  })
  test('grows uncertain while the database is away for hours', () => {
    expect(doubtAt(stateAfter(at(0, 0)), 3_600_000)).toBeUndefined()
    expect(doubtAt(stateAfter(at(0, 0)), 7_200_000)).toBeDefined()
  })

  test('never decides by a wrong measurement that no other confirms', () => {
    const truth = fc.record({ offsetMs: fc.constant(1_000_000), uncertaintyMs: fc.integer({ min: 1, max: 499 }) })
    const wrong = fc.record({
      offsetMs: fc.integer({ min: 1_002_000 }),
      uncertaintyMs: fc.integer({ min: 1, max: 900 }),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(wrong, truth), { maxLength: 20 }), (pairs) => {
        let state = stateAfter(at(1_000_000, 0))
        let time = 0
        for (const measured of pairs.flat()) {
          time += 10_000
          state = afterMeasurement(state, { ...measured, at: time })
          expect(state.sure?.offsetMs).toBe(1_000_000)
          const doubt = doubtAt(state, time)
          if (doubt) {
            expect(doubt.earliest).toBeLessThanOrEqual(time + 1_000_000)
            expect(doubt.latest).toBeGreaterThanOrEqual(time + 1_000_000)
          }
        }
      }),
    )
  })
})
