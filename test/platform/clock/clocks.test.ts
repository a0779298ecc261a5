import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createEmbeddedClock, createSharedClock, type WatchedClock } from '../../../src/platform/clock/index.ts'

const WALL = 1_800_000_000_000
const HOUR = 3_600_000

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function machine() {
  const state = { monotonic: 0, aheadMs: 0 }
  const logged: string[] = []
  const log = (_fields: object, message: string) => void logged.push(message)
  const logger = { debug: log, info: log, warn: log, error: log }
  const clock = { now: () => WALL + state.monotonic + state.aheadMs, monotonic: () => state.monotonic }
  const begin = <Watched extends WatchedClock>(watched: Watched) => {
    stops.push(watched.stop)
    return watched
  }
  return { state, logged, deps: { clock, logger }, begin }
}

describe('the clock of a shared database', () => {
  function setUp(aheadMs: number) {
    const { state, logged, deps, begin } = machine()
    const database = { aheadMs: 0, away: false }
    const ask = async () => {
      if (database.away) throw new Error('away')
      return WALL + state.monotonic + database.aheadMs
    }
    state.aheadMs = aheadMs
    return { state, logged, database, watched: begin(createSharedClock(ask, deps)) }
  }

  test.each([2 * HOUR, 30_000, -30_000])('counts where the wall clock is %d ms off', async (aheadMs) => {
    const { state, watched, logged } = setUp(aheadMs)
    expect(watched.clock.mayEnd?.()).toBe(false)
    await watched.look()
    state.monotonic += 5_000
    expect(watched.clock.now()).toBe(WALL + 5_000)
    expect(watched.clock.mayEnd?.()).toBe(true)
    expect(watched.figures()).toMatchObject({ state: 'known', aheadMs: -aheadMs })
    expect(logged).toEqual(['the clock of this machine is wrong; the time of the database counts'])
  })

  test('goes on by itself when the wall clock is set', async () => {
    const { state, watched } = setUp(0)
    await watched.look()
    state.aheadMs = HOUR
    expect(watched.clock.now()).toBe(WALL)
  })

  test('that jumps ends nothing until the next measurement, and gives the later time meanwhile', async () => {
    const { watched, database, logged } = setUp(0)
    await watched.look()
    database.aheadMs = -HOUR
    await watched.look()
    expect(watched.clock.now()).toBe(WALL)
    expect(watched.clock.mayEnd?.()).toBe(false)
    await expect(watched.part.check()).rejects.toThrow()
    await watched.look()
    expect(watched.clock.now()).toBe(WALL - HOUR)
    expect(watched.clock.mayEnd?.()).toBe(true)
    await watched.part.check()
    expect(logged).toContain("the database's time is certain again")
  })

  test('that is away leaves what was known', async () => {
    const { watched, database, state } = setUp(30_000)
    await watched.look()
    Object.assign(database, { away: true })
    await watched.look()
    state.monotonic += 60_000
    expect(watched.clock.now()).toBe(WALL + 60_000)
    expect(watched.clock.mayEnd?.()).toBe(true)
  })
})

describe('the clock of an embedded database', () => {
  function setUp() {
    const folder = mkdtempSync(join(tmpdir(), 'clock-'))
    stops.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'clock-seen')
    const made = machine()
    const start = () => made.begin(createEmbeddedClock(file, made.deps))
    return { ...made, file, start }
  }

  test('that steps ends nothing, says so once and shows it', async () => {
    const { state, start, logged } = setUp()
    const watched = start()
    expect(watched.clock.mayEnd?.()).toBe(true)
    state.aheadMs = 2 * HOUR
    expect(watched.clock.mayEnd?.()).toBe(false)
    await expect(watched.part.check()).rejects.toThrow()
    expect(watched.part.detail?.()).toEqual({ clockStepMs: 2 * HOUR })
    expect(watched.figures()).toEqual({ state: 'stepped' })
    expect(logged).toHaveLength(1)
    state.monotonic += HOUR
    expect(watched.clock.mayEnd?.()).toBe(true)
    expect(logged).toHaveLength(2)
  })

  test('that stepped during a restart is doubted until the operator removes the file', () => {
    const { state, start, file } = setUp()
    start()
    state.aheadMs = 2 * HOUR
    expect(start().clock.mayEnd?.()).toBe(false)
    expect(Number(readFileSync(file, 'utf8'))).toBe(WALL)
    expect(start().clock.mayEnd?.()).toBe(false)
    rmSync(file)
    expect(start().clock.mayEnd?.()).toBe(true)
  })
})
