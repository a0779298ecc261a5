import { describe, expect, test } from 'vitest'
import { countView } from '../../../src/analytics/views/counters.ts'
import { createViewKeeper } from '../../../src/analytics/views/keeper.ts'
import type { ViewRows } from '../../../src/analytics/views/rows.ts'
import { AppError } from '../../../src/core/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { DAY_MS, NOON } from './views-world.ts'

/** A keeper on a database that answers as a test says. */
function createBench(answer: () => Promise<number>) {
  const time = { now: NOON }
  const written: string[] = []
  const rows = {
    find: async () => undefined,
    insert: async ({ slug }) => {
      const count = await answer()
      written.push(slug)
      return count
    },
    update: answer,
  } as Partial<ViewRows> as ViewRows
  const clock = { now: () => time.now }
  const keeper = createViewKeeper({ rows, clock, logger: silentLogger, replica: 'r', atOnce: 4, maxBytes: 1_000_000 })
  const view = (slug: string) => {
    const counters = keeper.touch(slug, time.now)
    if (counters) countView(counters, { at: time.now, kind: 'raw', visitor: 1, referrer: null, country: null })
    return counters !== undefined
  }
  return { keeper, view, written, time }
}

const away = () => Promise.reject(new AppError('database_unavailable'))

describe('counters in memory', () => {
  test('are written before they go, however many pastes are viewed', async () => {
    const { keeper, view, written } = createBench(async () => 1)
    for (let slug = 0; slug < 5_000; slug++) {
      expect(view(`slug-${slug}`)).toBe(true)
      if (slug % 100 === 0) await keeper.flush()
    }
    await keeper.flush()
    expect(new Set(written).size).toBe(5_000)
    expect(keeper.state()).toEqual({ waiting: 0, lost: 0 })
  })

  test('are written a few at a time where there is time, and all at once when there is none any more', async () => {
    const { keeper, view, written } = createBench(async () => 1)
    for (let slug = 0; slug < 100; slug++) view(`slug-${slug}`)
    const slow = keeper.flush(3_600_000)
    await expect.poll(() => written.length).toBe(4)
    view('late')
    await Promise.all([slow, keeper.flush()])
    expect(written).toHaveLength(100)
    await keeper.flush()
    expect(written.at(-1)).toBe('late')
  })

  test('are bounded while the database is away; what finds no room is lost and counted', async () => {
    const { keeper, view } = createBench(away)
    let refused = 0
    for (let slug = 0; slug < 5_000; slug++) if (!view(`slug-${slug}`)) refused++
    await keeper.flush()
    expect(refused).toBeGreaterThan(4_000)
    expect(keeper.state()).toEqual({ waiting: 5_000 - refused, lost: refused })
    expect(view('slug-0')).toBe(true)
  })

  test('are weighed rightly, however often the idle and the oldest go', async () => {
    const mostOf = (view: (slug: string) => boolean) => {
      let count = 0
      while (count < 5_000 && view(`more-${count}`)) count++
      return count
    }
    const fresh = mostOf(createBench(away).view)
    let answer: () => Promise<number> = async () => 1
    const { keeper, view, time } = createBench(() => answer())
    for (let round = 0; round < 10; round++) {
      for (let slug = 0; slug < 60; slug++) view(`idle-${round}-${slug}`)
      await keeper.flush()
      time.now += 300_000
      for (let slug = 0; slug < 250; slug++) view(`recent-${round}-${slug}`)
      await keeper.flush()
    }
    answer = away
    // So that all that is in memory counts as not written yet.
    for (let slug = 0; slug < 250; slug++) view(`recent-9-${slug}`)
    mostOf(view)
    expect(keeper.state().waiting).toBeLessThanOrEqual(fresh)
    await keeper.flush()
  })

  test('of a day that ended a day ago are given up: others may have folded it', async () => {
    const { keeper, view, time } = createBench(away)
    view('hello')
    await keeper.flush()
    time.now = (Math.floor(NOON / DAY_MS) + 2) * DAY_MS
    await keeper.flush()
    expect(keeper.state()).toEqual({ waiting: 0, lost: 1 })
  })

  test('after a failure the rest of the flush does not wait for the same database', async () => {
    let asked = 0
    const { keeper, view } = createBench(() => {
      asked++
      return away()
    })
    for (let slug = 0; slug < 100; slug++) view(`slug-${slug}`)
    await keeper.flush()
    expect(asked).toBeLessThanOrEqual(8)
  })
})
