/** Counts how often keys occur, in bounded memory. */
export type TopCounter = {
  add(key: string): void
  /**
   * The most frequent keys, most frequent first, then by name. A count is never too high; it may be too low by
   * `mayLack` at most, which is also how often a key that is not listed may have occurred.
   */
  top(limit: number): { entries: { key: string; count: number }[]; mayLack: number }
}

/**
 * Counts exactly while there are at most `most` different keys. With more, the rarer half is forgotten from time to
 * time (lossy counting: Manku and Motwani, 2002), so rare keys lose and frequent ones stay right or nearly so.
 */
export function createTopCounter(most: number): TopCounter {
  let counts = new Map<string, number>()
  let mayLack = 0

  function forgetHalf(): void {
    const sorted = [...counts.values()].sort((a, b) => a - b)
    const limit = sorted[Math.floor(sorted.length / 2)] ?? 0
    counts = new Map([...counts].filter(([, count]) => count > limit))
    mayLack += limit
  }

  return {
    add(key) {
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (counts.size > most) forgetHalf()
    },
    top(limit) {
      const entries = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, limit)
      return { entries: entries.map(([key, count]) => ({ key, count })), mayLack }
    },
  }
}
