/**
 * The bins of a DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019) with 1 % relative accuracy, for values of 1 µs to
 * an hour. Counts of stored recordings lie under these numbers, so the mapping must never change.
 */
const RELATIVE_ACCURACY = 0.01

/** Bins of every histogram; the last one also counts everything longer. */
export const BINS = 1_104

/** The longest time of a bin is this much longer than that of the bin before it. */
const GROWTH = (2 * RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY)
const GAMMA = 1 + GROWTH
const BINS_PER_OCTAVE = Math.LN2 / Math.log1p(GROWTH)

/** The number of the bin (0 to {@link BINS} - 1) of a time in µs; what takes no time counts as 1 µs. */
export function binOf(us: number): number {
  const bin = Math.ceil(Math.log2(us) * BINS_PER_OCTAVE)
  return bin > 0 ? Math.min(bin, BINS - 1) : 0
}

/** The time in ms, in whole µs, that a bin stands for: within 1 % of each of its times. */
export function msOfBin(bin: number): number {
  return Math.round(2 ** (bin / BINS_PER_OCTAVE) * (2 / (1 + GAMMA))) / 1_000
}

/** The bins that hold something, as varints (LEB128): how many bins were skipped, then the count. 2 to 4 bytes each. */
export function encodeBins(bins: ArrayLike<number>): Uint8Array {
  const bytes: number[] = []
  let next = 0
  for (let index = 0; index < bins.length; index++) {
    const count = bins[index] as number
    if (count === 0) continue
    writeVarint(bytes, index - next)
    writeVarint(bytes, count)
    next = index + 1
  }
  return Uint8Array.from(bytes)
}

/**
 * Adds what {@link encodeBins} wrote to `bins` and gives the sum of the counts. Throws RangeError when the bytes end
 * early or name a bin that isn't there.
 */
export function addBins(bytes: Uint8Array, bins: Float64Array): number {
  let total = 0
  let bin = -1
  for (let at = 0; at < bytes.length; ) {
    // Written out twice: this runs for every bin of every histogram of a report, a million times for a day.
    let skipped = 0
    let scale = 1
    let byte = bytes[at++] as number
    for (; byte >= 128; byte = bytes[at++] as number) {
      skipped += (byte - 128) * scale
      scale *= 128
    }
    bin += skipped + byte * scale + 1
    let count = 0
    scale = 1
    byte = bytes[at++] as number
    for (; byte >= 128; byte = bytes[at++] as number) {
      count += (byte - 128) * scale
      scale *= 128
    }
    count += byte * scale
    if (!(bin < bins.length) || Number.isNaN(count)) throw new RangeError('a histogram is damaged')
    bins[bin] = (bins[bin] as number) + count
    total += count
  }
  return total
}

// Counts of a busy day don't fit 32 bits, so no shifts.
function writeVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}
