import type { Timed } from './recording.ts'
import { BINS, binOf, encodeBins } from './sketch-bins.ts'

/** Times of one kind, counted where they happen. */
export type Times = {
  /** Counts one of `us` microseconds. */
  add(us: number): void
  /** Adds all counts to `bins`. */
  addTo(bins: Float64Array): void
  /** What was counted since the last call. */
  take(): Timed
}

/** No times yet; takes 4 KiB, however many there will be. */
export function createTimes(): Times {
  const bins = new Uint32Array(BINS)
  let count = 0
  let sumUs = 0
  return {
    add(us) {
      const bin = binOf(us)
      bins[bin] = (bins[bin] as number) + 1
      sumUs += us
      count++
    },
    addTo(total) {
      for (let bin = 0; bin < BINS; bin++) total[bin] = (total[bin] as number) + (bins[bin] as number)
    },
    take() {
      const taken = { count, sumUs: Math.round(sumUs), sketch: encodeBins(bins) }
      bins.fill(0)
      count = 0
      sumUs = 0
      return taken
    },
  }
}
