import { expect, test } from 'vitest'
import { createClockWatch } from '../../src/platform/index.ts'

/** A watch over a database whose clock is `aheadMs` ahead and whose answers take `answerMs`; `logged` is what it says. */
function setUp() {
  const state = { aheadMs: 0, answerMs: 0, now: 1_800_000_000_000, away: false }
  const logged: string[] = []
  const log = (_fields: object, message: string) => void logged.push(message)
  const logger = { debug: log, info: log, warn: log, error: log }
  const watch = createClockWatch(
    async () => {
      if (state.away) throw new Error('away')
      state.now += state.answerMs
      return state.now + state.aheadMs
    },
    { clock: { now: () => state.now }, logger },
  )
  const check = () => watch.part.check().then(() => 'ok', String)
  return { state, watch, check, logged }
}

test.each([999, -999, 0])('clocks %d ms apart agree', async (aheadMs) => {
  const { state, watch, check } = setUp()
  state.aheadMs = aheadMs
  expect(await check()).toBe('ok')
  expect(watch.offsetMs()).toBe(aheadMs)
})

test.each([1_001, -1_001])('clocks %d ms apart do not', async (aheadMs) => {
  const { state, check } = setUp()
  state.aheadMs = aheadMs
  expect(await check()).toBe('Error: the clocks differ')
})

test('an answer that takes long proves nothing about a clock', async () => {
  const { state, check } = setUp()
  state.answerMs = 4_000
  expect(await check()).toBe('ok')
})

test('a difference is told once, and so is its end', async () => {
  const { state, check, logged } = setUp()
  state.aheadMs = 5_000
  await check()
  await check()
  state.aheadMs = 0
  await check()
  await check()
  expect(logged).toEqual(['the clock of this machine and that of the database differ', 'the clocks agree again'])
})

test('a database that is away leaves what was known', async () => {
  const { state, watch, check } = setUp()
  expect(watch.offsetMs()).toBeUndefined()
  state.away = true
  expect(await check()).toBe('ok')
  Object.assign(state, { away: false, aheadMs: -5_000 })
  expect(await check()).not.toBe('ok')
  state.away = true
  expect(await check()).not.toBe('ok')
  expect(watch.offsetMs()).toBe(-5_000)
})
