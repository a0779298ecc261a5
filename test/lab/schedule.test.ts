import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSeeded } from '../blackbox/seeded.ts'
import { createSizes, createZipf } from './draws.ts'
import type { Profile } from './profile-schema.ts'
import { makeSchedule, type ScheduleOptions } from './schedule.ts'

const MIX: Profile['mix'] = [
  { operation: 'read', share: 9, choice: { zipf: 0.99 } },
  { operation: 'create', share: 1, sizes: { bytes: 100 } },
]
const options = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  perSecond: fc.integer({ min: 1, max: 500 }),
  seconds: fc.integer({ min: 1, max: 4 }),
  process: fc.constantFrom('poisson' as const, 'even' as const),
})

function scheduleOf({
  seed,
  perSecond,
  seconds,
  process,
}: Omit<ScheduleOptions, 'profile'> & { process: 'poisson' | 'even' }) {
  const profile = { arrivals: { process, seconds }, mix: MIX, population: { pastes: 50 } }
  return makeSchedule({ profile, seed, perSecond, seconds })
}

describe('the arrival schedule', () => {
  test('is the same for the same seed', () => {
    fc.assert(
      fc.property(options, (given) => {
        expect(scheduleOf(given)).toEqual(scheduleOf(given))
      }),
      { numRuns: 50 },
    )
  })

  test('is in the order of time, within the step, of pastes that there are', () => {
    fc.assert(
      fc.property(options, (given) => {
        const { atMs, entry, target } = scheduleOf(given)
        expect(atMs).toEqual(atMs.toSorted())
        expect(atMs.at(-1) ?? 0).toBeLessThan(given.seconds * 1_000)
        expect(target.filter((paste, index) => entry[index] === 0 && paste >= 50)).toHaveLength(0)
      }),
      { numRuns: 50 },
    )
  })

  test('of strangers has as many arrivals as the rate says, with exponential gaps', () => {
    const { length, atMs } = scheduleOf({ seed: 4, perSecond: 2_000, seconds: 10, process: 'poisson' })
    expect(Math.abs(length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000))
    const gaps = Array.from(atMs.subarray(1), (at, index) => at - (atMs[index] ?? 0))
    // 1 - 1/e of exponential gaps are shorter than their mean.
    expect(gaps.filter((gap) => gap < 0.5).length / gaps.length).toBeCloseTo(1 - 1 / Math.E, 1)
  })

  test('of bursts begins each at one moment, for a paste of its own', () => {
    const profile: ScheduleOptions['profile'] = {
      arrivals: { process: 'at once', bursts: { size: 4, perSecond: 2 }, seconds: 1 },
      mix: MIX,
      population: { pastes: 50 },
    }
    const { atMs, target } = makeSchedule({ profile, seed: 1, perSecond: 2, seconds: 1, firstBurst: 10 })
    expect([...atMs]).toEqual([0, 0, 0, 0, 500, 500, 500, 500])
    expect([...target]).toEqual([10, 10, 10, 10, 11, 11, 11, 11])
  })
})

test('Zipf choices are as frequent as the law says', () => {
  const random = createSeeded(5)
  const zipf = createZipf(1_000, 0.99)
  const counts = new Float64Array(1_000)
  for (let draw = 0; draw < 100_000; draw++) {
    const rank = zipf(random)
    counts[rank] = (counts[rank] ?? 0) + 1
  }
  const of = (rank: number) => counts[rank - 1] ?? 0
  expect(of(1) / of(10)).toBeGreaterThan(10 ** 0.99 * 0.8)
  expect(of(1) / of(10)).toBeLessThan(10 ** 0.99 * 1.2)
})

test('log-normal sizes have the median and the 99th percentile that were asked for', () => {
  const random = createSeeded(6)
  const size = createSizes({ medianBytes: 2_048, p99Bytes: 1_048_576, mostBytes: 52_428_800 })
  const sizes = Array.from({ length: 20_000 }, () => size(random)).sort((one, other) => one - other)
  expect((sizes[10_000] ?? 0) / 2_048).toBeCloseTo(1, 0.5)
  expect((sizes[19_800] ?? 0) / 1_048_576).toBeGreaterThan(0.7)
  expect((sizes[19_800] ?? 0) / 1_048_576).toBeLessThan(1.4)
})
