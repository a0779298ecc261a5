import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bracket, createLadder, type Rung, ratesOf } from './ladder.ts'

/** Tries rates on a server that bears up to `capacity`. */
function climb(capacity: number, bisections: number): Rung[] {
  const arrivals = { process: 'poisson' as const, seconds: 1, ladder: { from: 100, times: 2, most: 100_000 } }
  const ladder = createLadder({ arrivals, knee: { p99Ms: 10, bisections } })
  const tried: Rung[] = []
  for (let rate = ladder.next(tried); rate !== null; rate = ladder.next(tried))
    tried.push({ perSecond: rate, isBorne: rate <= capacity })
  return tried
}

test('a knee is found as closely as the bisections allow', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 50_000 }), fc.integer({ min: 0, max: 8 }), (capacity, bisections) => {
      const { below, above } = bracket(climb(capacity, bisections))
      expect(below).toBeLessThanOrEqual(capacity)
      expect(above).toBeGreaterThan(capacity)
      expect((above ?? 0) - below).toBeLessThanOrEqual(below / 2 ** bisections + 1)
    }),
  )
})

test('a server that bears everything has no rate above its knee', () => {
  expect(bracket(climb(1_000_000, 3))).toEqual({ below: 51_200, above: null })
})

test('a server that does not bear the first rate is not asked again', () => {
  expect(climb(50, 3)).toEqual([{ perSecond: 100, isBorne: false }])
})

test('without a knee to find every rate is tried', () => {
  const ladder = createLadder({ arrivals: { process: 'even', seconds: 1, rates: [30, 10] } })
  expect(ladder.next([])).toBe(10)
  expect(ladder.next([{ perSecond: 10, isBorne: false }])).toBe(30)
  expect(ladder.next([10, 30].map((perSecond) => ({ perSecond, isBorne: false })))).toBeNull()
})

test('a ladder multiplies up to its most', () => {
  expect(ratesOf({ process: 'even', seconds: 1, ladder: { from: 10, times: 1.5, most: 30 } })).toEqual([10, 15, 23])
})
