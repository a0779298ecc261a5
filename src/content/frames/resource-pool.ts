import { createSemaphore } from '../../core/index.ts'

/** Things that are dear to make, lent out one user at a time. */
export type Pool<Item> = {
  /** An idle item or a new one; waits, first come first served, while `limit` are lent. */
  take(): Promise<Item>
  /** Gives an item back. */
  put(item: Item): void
  /** Instead of `put`: the item is broken, its place may be taken by a new one. */
  drop(): void
  /** Forgets the idle items, handing each to `end`. */
  clear(end: (item: Item) => void): void
}

/**
 * A pool that makes items when it needs them.
 *
 * @param options.limit most items lent at the same time; `Infinity` never waits
 * @param options.idle most items kept when nobody uses them
 */
export function createPool<Item>(options: { make: () => Item; limit: number; idle: number }): Pool<Item> {
  const idle: Item[] = []
  const lent = createSemaphore({ permits: options.limit })
  return {
    async take() {
      const turn = lent.acquire()
      if (turn) await turn
      return idle.pop() ?? options.make()
    },
    put(item) {
      if (idle.length < options.idle) idle.push(item)
      lent.release()
    },
    drop: lent.release,
    clear(end) {
      for (const item of idle.splice(0)) end(item)
    },
  }
}
