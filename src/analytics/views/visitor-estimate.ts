/** Ranks lie in 0 to 33: one more than the 32 bits that are looked at. */
const BITS = 32
const LIMIT = 1 / (2 * Math.LN2)

/**
 * How many different hashes made these registers of a HyperLogLog: the improved estimator of O. Ertl, "New cardinality
 * estimation algorithms for HyperLogLog sketches" (2017), algorithm 6, which needs no table of corrections and has no
 * bias where the first one changes its formula.
 */
export function estimate(registers: Uint8Array): number {
  const size = registers.length
  const histogram = new Array<number>(BITS + 2).fill(0)
  for (const rank of registers) histogram[rank] = (histogram[rank] ?? 0) + 1
  let sum = size * tau(1 - (histogram[BITS + 1] ?? 0) / size)
  for (let rank = BITS; rank >= 1; rank--) sum = (sum + (histogram[rank] ?? 0)) / 2
  sum += size * sigma((histogram[0] ?? 0) / size)
  return (LIMIT * size * size) / sum
}

/** x + Σ x^(2^k) · 2^(k-1): what registers that saw nothing say. */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY
  let [power, factor, sum] = [x, 1, x]
  for (let before = -1; sum !== before; factor *= 2) {
    before = sum
    power *= power
    sum += power * factor
  }
  return sum
}

/** A third of 1 - x - Σ (1 - x^(2^-k))² · 2^-k: what registers that are full say. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0
  let [root, factor, sum] = [x, 1, 1 - x]
  for (let before = -1; sum !== before; ) {
    before = sum
    root = Math.sqrt(root)
    factor /= 2
    sum -= (1 - root) ** 2 * factor
  }
  return sum / 3
}
