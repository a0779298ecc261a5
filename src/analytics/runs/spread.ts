const RESAMPLES = 2_000
const TAIL = 0.025

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function middle(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/**
 * The 95 % interval of median(b) / median(a), from 2,000 draws of both with replacement (percentile bootstrap). The
 * draws are the same each time, so that a comparison can be repeated.
 */
export function bootstrapRatio(a: readonly number[], b: readonly number[]): { low: number; high: number } {
  const next = sequence()
  const draw = (samples: readonly number[]) =>
    middle(samples.map(() => samples[Math.floor(next() * samples.length)] ?? Number.NaN))
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const below = draw(a)
    return draw(b) / below
  }).sort((one, other) => one - other)
  const at = (share: number) => ratios[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))] ?? Number.NaN
  return { low: at(TAIL), high: at(1 - TAIL) }
}

/**
 * How likely ranks are spread over both sides as unevenly as here, or more, when the sides are equal: the two-sided
 * test of Mann and Whitney, by counting all ways to choose (no approximation), equal values sharing their ranks. 1 of
 * nothing. Meant for up to some tens of samples.
 */
export function likelihoodOfChance(a: readonly number[], b: readonly number[]): number {
  const ranks = doubledRanks([...a, ...b])
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const observed = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0)
  // ways[size][sum]: in how many ways so many of the ranks give this sum.
  const ways = Array.from({ length: a.length + 1 }, () => new Float64Array(total + 1))
  for (const [size, sums] of ways.entries()) sums[0] = size === 0 ? 1 : 0
  for (const rank of ranks)
    for (let size = a.length; size > 0; size--)
      for (let sum = total; sum >= rank; sum--) {
        const sums = ways[size]
        if (sums) sums[sum] = (sums[sum] ?? 0) + (ways[size - 1]?.[sum - rank] ?? 0)
      }
  const expected = (total * a.length) / (ranks.length || 1)
  const distance = Math.abs(observed - expected) - 1e-9
  let [all, asFar] = [0, 0]
  for (const [sum, count] of (ways[a.length] ?? []).entries()) {
    all += count
    if (Math.abs(sum - expected) >= distance) asFar += count
  }
  return all === 0 ? 1 : asFar / all
}

/** Twice the rank of each value, counted from 1, which is a whole number also where equal values share one. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((one, other) => one - other)
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2)
}

/** Numbers in [0, 1), always the same ones (mulberry32). */
function sequence(): () => number {
  let state = 2026
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
