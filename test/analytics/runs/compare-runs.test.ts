import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRuns } from '../../../src/analytics/runs/compare.ts'
import type { Run } from '../../../src/analytics/runs/schema.ts'
import { bootstrapRatio, likelihoodOfChance, middle } from '../../../src/analytics/runs/spread.ts'
import { createSeeded } from '../../blackbox/seeded.ts'
import { runOf } from './run-of.ts'

const FIVE = [0, 1, 2, 3, 4]

/** Repetitions whose p99 at 1,000/s is around `p99Ms`. */
function runs(p99Ms: number, spread = 0.5, change: Partial<Run> = {}): Run[] {
  return FIVE.map((index) => runOf({ p99Ms: p99Ms + index * spread, ...change }))
}

function verdictOf(a: readonly Run[], b: readonly Run[], measure = 'p99Ms') {
  return compareRuns(a, b).rows.find((row) => row.measure === measure)
}

describe('two sides', () => {
  test('that do not overlap in five repetitions are faster or slower', () => {
    expect(verdictOf(runs(20), runs(10))).toMatchObject({ verdict: 'faster', a: 21, b: 11 })
    expect(verdictOf(runs(10), runs(20))).toMatchObject({ verdict: 'slower' })
  })

  test('that overlap are noise', () => {
    expect(verdictOf(runs(10), runs(11))).toMatchObject({ verdict: 'noise' })
  })

  test('of fewer than five repetitions are noise, however far apart', () => {
    expect(verdictOf(runs(10).slice(0, 4), runs(1_000))).toMatchObject({ verdict: 'noise' })
  })

  test('are compared by what they answer, of which more is better', () => {
    const [slow, fast] = [1_000, 1_500].map((perSecond) =>
      FIVE.map((index) => runOf({ p99Ms: 10, knee: { perSecond: perSecond + index, saturated: 'replica 1 cpu' } })),
    )
    expect(verdictOf(slow ?? [], fast ?? [], 'perSecond')).toMatchObject({ verdict: 'faster', offeredPerSecond: null })
    expect(compareRuns(slow ?? [], []).saturated).toEqual({ a: 'replica 1 cpu', b: null })
  })

  test('do not count runs that are void', () => {
    const comparison = compareRuns(runs(10, 1, { void: 'lag' }), runs(10))
    expect(comparison).toMatchObject({ rows: [], counted: { a: 0, b: 5 }, voided: { a: 5, b: 0 } })
  })
})

test('equal systems get a verdict other than noise in about one of a hundred comparisons', () => {
  const random = createSeeded(11)
  const draw = () => FIVE.map(() => runOf({ p99Ms: 10 + random.next() }))
  const verdicts = Array.from({ length: 60 }, () => verdictOf(draw(), draw())?.verdict)
  expect(verdicts.filter((verdict) => verdict !== 'noise').length).toBeLessThanOrEqual(2)
})

describe('the spread', () => {
  const samples = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })

  test('gives both directions the same likelihood', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        expect(likelihoodOfChance(a, b)).toBeCloseTo(likelihoodOfChance(b, a), 10)
        expect(likelihoodOfChance(a, a)).toBeCloseTo(1, 10)
      }),
    )
  })

  test('knows the exact likelihoods of small samples', () => {
    expect(likelihoodOfChance([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(2 / 252, 10)
    expect(likelihoodOfChance([1, 2, 3], [4, 5, 6])).toBeCloseTo(2 / 20, 10)
    expect(likelihoodOfChance([1], [1])).toBe(1)
  })

  test('has the ratio of medians within its interval', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const { low, high } = bootstrapRatio(a, b)
        expect(low).toBeLessThanOrEqual(middle(b) / middle(a))
        expect(high).toBeGreaterThanOrEqual(middle(b) / middle(a))
      }),
      { numRuns: 20 },
    )
  })
})
