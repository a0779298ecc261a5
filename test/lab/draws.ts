import type { Seeded } from '../blackbox/seeded.ts'
import type { SizesOf } from './profile-schema.ts'

/** z of the standard normal distribution below which 99 of 100 lie. */
const Z99 = 2.3263478740408408
const SMALLEST_BYTES = 1

/** A normal variate (Box and Muller). */
export function normal(random: Seeded): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/** Draws sizes in bytes: always the same, or log-normal with a given median and 99th percentile, cut at the top. */
export function createSizes(sizes: SizesOf): (random: Seeded) => number {
  if ('bytes' in sizes) return () => sizes.bytes
  const { medianBytes, p99Bytes, mostBytes } = sizes
  const sigma = Math.log(p99Bytes / medianBytes) / Z99
  return (random) =>
    Math.min(mostBytes, Math.max(SMALLEST_BYTES, Math.round(medianBytes * Math.exp(sigma * normal(random)))))
}

/**
 * Draws ranks from 0 to `count` - 1, rank r with a probability proportional to 1 / (r + 1)^`exponent`, by a search in
 * the table of sums: exact for every exponent.
 */
export function createZipf(count: number, exponent: number): (random: Seeded) => number {
  const sums = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank++) {
    sum += (rank + 1) ** -exponent
    sums[rank] = sum
  }
  return (random) => {
    const wanted = random.next() * sum
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) <= wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}
