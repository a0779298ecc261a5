/** A set of SHA-256 in hex by their first 64 bits: 16 bytes each at most, and none of them is ever missed. */
export type HashSet = { add(sha256: string): void; has(sha256: string): boolean; readonly size: number }

const LEAST_SLOTS = 1_024

/**
 * Open addressing with linear probing, at most half full. Two contents that share 64 bits are taken for one, so whoever
 * asks confirms a hit.
 */
export function createHashSet(): HashSet {
  // 0 marks a free slot; a hash of 0 is taken for 1.
  let slots = new BigUint64Array(LEAST_SLOTS)
  let size = 0

  const keyOf = (sha256: string) => BigInt(`0x${sha256.slice(0, 16)}`) || 1n
  function slotOf(key: bigint, among: BigUint64Array): number {
    const last = among.length - 1
    let at = Number(key & BigInt(last))
    while (among[at] !== 0n && among[at] !== key) at = (at + 1) & last
    return at
  }
  function grow(): void {
    const larger = new BigUint64Array(slots.length * 2)
    for (const key of slots) if (key !== 0n) larger[slotOf(key, larger)] = key
    slots = larger
  }

  return {
    add(sha256) {
      const key = keyOf(sha256)
      const at = slotOf(key, slots)
      if (slots[at] === key) return
      slots[at] = key
      size += 1
      if (size * 2 > slots.length) grow()
    },
    has(sha256) {
      const key = keyOf(sha256)
      return slots[slotOf(key, slots)] === key
    },
    get size() {
      return size
    },
  }
}
