import { LRUCache } from 'lru-cache'
import { type CacheCount, createSingleFlight, unlessAborted } from '../../core/index.ts'

/** Bytes by key, kept in memory up to a number of bytes, each loaded once however many ask for it. */
export type FrameCache = {
  /**
   * The bytes under `key`: kept ones, or those that a load under way gives, or else those of a new load. A reader's
   * `signal` ends only that reader's wait: the load goes on for the others.
   */
  get(
    key: string,
    load: () => Promise<Buffer>,
    options: { keep: boolean; signal?: AbortSignal | undefined },
  ): Promise<Buffer>
  /** The bytes under `key` when they are kept. */
  peek(key: string): Buffer | undefined
  /** Bytes kept now, overhead included. */
  bytes(): number
}

// A key, its entry in the list and the Buffer object itself.
const OVERHEAD_BYTES = 300

/** An empty cache of at most `maxBytes`; with 0 it still joins readers who ask at the same moment. */
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
    bytes: () => kept.calculatedSize,
  }
}
