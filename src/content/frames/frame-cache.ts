import { LRUCache } from 'lru-cache'
import { type CacheCount, createSingleFlight, unlessAborted } from '../../core/index.ts'

/** Bytes by key, in memory up to a bound; callers at the same time share one load. */
export type FrameCache = {
  /**
   * The bytes under `key`, from memory, from a load under way or from a new one. A reader's `signal` ends only that
   * reader's wait: the load continues for the others.
   */
  get(
    key: string,
    load: () => Promise<Buffer>,
    options: { keep: boolean; signal?: AbortSignal | undefined },
  ): Promise<Buffer>
  /** The bytes under `key` when they are kept. */
  peek(key: string): Buffer | undefined
  /** Forgets the bytes under `key`. */
  drop(key: string): void
  /** Bytes kept now, overhead included. */
  bytes(): number
}

// A key, its entry in the list and the Buffer object itself.
const OVERHEAD_BYTES = 300

/** An empty cache of at most `maxBytes`; with 0, readers at the same time still share a load. */
export function createFrameCache(maxBytes: number, count?: CacheCount): FrameCache {
  const kept = new LRUCache<string, Buffer>({
    maxSize: Math.max(1, Math.floor(maxBytes)),
    sizeCalculation: (bytes) => bytes.length + OVERHEAD_BYTES,
  })
  const loads = createSingleFlight<Buffer>()
  const peek = (key: string) => {
    const found = kept.get(key)
    if (found !== undefined) count?.hit()
    return found
  }
  return {
    peek,
    async get(key, load, { keep, signal }) {
      const found = peek(key)
      if (found !== undefined) return found
      count?.miss()
      const loaded = loads.run(key, async () => {
        const bytes = await load()
        if (keep) kept.set(key, bytes)
        return bytes
      })
      return unlessAborted(loaded, signal)
    },
    drop: (key) => void kept.delete(key),
    bytes: () => kept.calculatedSize,
  }
}
