import { addBins, BINS, encodeBins, RELATIVE_ACCURACY } from './sketch-bins.ts'

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

/**
 * Loads the library of sketches, which costs some 10 ms and 1 MiB. It says which time a bin stands for and where a
 * quantile lies. Its own `merge` overlooks that the bin of 1 µs has the number 0, and its protobuf form takes 8 bytes
 * for each bin, so counts are added and written here.
 */
export async function loadSketches(): Promise<Sketches> {
  const { DDSketch } = await import('@datadog/sketches-js')
  const sketch = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY })

  function ask<Shares extends readonly number[]>(bins: Float64Array, count: number, shares: Shares): Values<Shares> {
    // The library looks from the first bin on: leave out those before the first that holds something.
    let first = 0
    while (first < BINS - 1 && bins[first] === 0) first++
    Object.assign(sketch.store, { bins: bins.subarray(first), offset: first, minKey: first, maxKey: BINS - 1, count })
    sketch.count = count
    const values = shares.map((share) => {
      return count === 0 ? null : Math.round(sketch.getValueAtQuantile(share)) / 1_000
    })
    return values as Values<Shares>
  }

  return {
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
        const values = ask(bins, count, shares)
        if (count === 0) return values
        for (let bin = 0; bin < BINS; bin++) whole[bin] = (whole[bin] as number) + (bins[bin] as number)
        bins.fill(0)
        total += count
        return values
      })
      return { whole: ask(whole, total, shares), steps }
    },
  }
}
