import { addBins, BINS, encodeBins, msOfBin } from './sketch-bins.ts'

/** Histograms as `encodeBins` writes them, taken together. */
export type Sketches = {
  /** All of them as one: the same for the same histograms in any order. */
  merge(histograms: readonly Uint8Array[]): Uint8Array
  /**
   * For a course of steps with any number of histograms each: the time in ms, within 1 %, that each of `shares` (0 to
   * 1) of the times of a step does not exceed, and of all steps; null where there are no times.
   */
  quantiles<Shares extends readonly number[]>(
    course: readonly (readonly Uint8Array[])[],
    shares: Shares,
  ): Quantiles<Shares>
}

type Values<Shares extends readonly number[]> = { [Index in keyof Shares]: number | null }
export type Quantiles<Shares extends readonly number[]> = { whole: Values<Shares>; steps: Values<Shares>[] }

/** The only implementation of {@link Sketches}. */
export const sketches: Sketches = {
  merge(histograms) {
    const [only] = histograms
    if (only !== undefined && histograms.length === 1) return only
    const bins = new Float64Array(BINS)
    for (const histogram of histograms) addBins(histogram, bins)
    return encodeBins(bins)
  },
  quantiles(course, shares) {
    const whole = new Float64Array(BINS)
    const bins = new Float64Array(BINS)
    let total = 0
    const steps = course.map((histograms) => {
      let count = 0
      for (const histogram of histograms) count += addBins(histogram, bins)
      const values = valuesOf(bins, count, shares)
      if (count === 0) return values
      for (let bin = 0; bin < BINS; bin++) whole[bin] = (whole[bin] as number) + (bins[bin] as number)
      bins.fill(0)
      total += count
      return values
    })
    return { whole: valuesOf(whole, total, shares), steps }
  },
}

function valuesOf<Shares extends readonly number[]>(bins: Float64Array, count: number, shares: Shares): Values<Shares> {
  return shares.map((share) => (count === 0 ? null : msOfBin(binAtRank(bins, share * (count - 1))))) as Values<Shares>
}

/** The bin that holds the value of this rank; ranks begin at 0. */
function binAtRank(bins: Float64Array, rank: number): number {
  let bin = 0
  for (let upTo = bins[0] as number; upTo <= rank && bin < BINS - 1; upTo += bins[bin] as number) bin++
  return bin
}
