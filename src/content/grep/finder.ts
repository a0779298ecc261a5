// The built-in search compares no byte much more often than this, where no part of the needle so long occurs in it twice:
// two places that look like an occurrence for longer would have to overlap by such a part.
const SHORT_BYTES = 16
// So many places that only look like an occurrence are normal; more of them are a text made of the needle's parts.
const MOST_FALSE = 16

/** Offset of the first occurrence in `bytes` from `from` on; -1 when there is none. */
export type Finder = (bytes: Buffer, from?: number) => number

/**
 * A finder of `wanted` whose time is linear in the bytes, whatever both are. The built-in search is quick, and
 * quadratic at worst where the needle repeats itself: of such a one it looks for the last bytes only, and where those
 * mislead, Knuth, Morris and Pratt's takes over.
 */
export function createFinder(wanted: Buffer): Finder {
  if (!repeatsItself(wanted)) return (bytes, from = 0) => bytes.indexOf(wanted, from)
  const before = wanted.length - SHORT_BYTES
  const probe = wanted.subarray(before)
  let borders: Uint32Array | undefined
  return (bytes, from = 0) => {
    let probeAt = from + before
    for (let misses = 0; misses < MOST_FALSE; misses++) {
      const hit = bytes.indexOf(probe, probeAt)
      if (hit < 0) return -1
      if (bytes.compare(wanted, 0, before, hit - before, hit) === 0) return hit - before
      probeAt = hit + 1
    }
    borders ??= bordersOf(wanted)
    return findByBorders(bytes, probeAt - before, wanted, borders)
  }
}

function repeatsItself(wanted: Buffer): boolean {
  const parts = new Set<string>()
  const count = wanted.length - SHORT_BYTES + 1
  for (let at = 0; at < count; at++) parts.add(wanted.toString('latin1', at, at + SHORT_BYTES))
  return parts.size < count
}

/** For each prefix of `wanted`, the length of the longest proper prefix that it ends with. */
function bordersOf(wanted: Buffer): Uint32Array {
  const borders = new Uint32Array(wanted.length)
  for (let at = 1, length = 0; at < wanted.length; at++) {
    while (length > 0 && wanted[at] !== wanted[length]) length = borders[length - 1] as number
    if (wanted[at] === wanted[length]) length++
    borders[at] = length
  }
  return borders
}

function findByBorders(bytes: Buffer, from: number, wanted: Buffer, borders: Uint32Array): number {
  for (let at = from, length = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    while (length > 0 && byte !== wanted[length]) length = borders[length - 1] as number
    if (byte === wanted[length]) length++
    if (length === wanted.length) return at - length + 1
  }
  return -1
}
