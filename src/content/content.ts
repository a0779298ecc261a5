import type { CacheCount, CountDamage, DurationObserver } from '../core/index.ts'
import { decodeFrameTable, FRAME_BYTES, type Frame, type StoredContent } from './format/index.ts'
import { createFrameCache, createFrameSources, createPool, createZstd, type SharedFrameCache } from './frames/index.ts'
import { createGrep, type Grep } from './grep/index.ts'
import type { Claim } from './naming/index.ts'
import {
  createLineIndex,
  createReader,
  findLines,
  type LineRange,
  peekLines,
  type Readable,
  type Reader,
  readOnce,
} from './read/index.ts'
import { pack, type ReceiveOptions, receive } from './receive/index.ts'
import type { ObjectStore } from './stores/index.ts'

/** What bodies are stored in and read through. */
export type ContentOptions = {
  store: ObjectStore
  /** Most bytes of frames kept in memory. */
  cacheBytes: number
  /** Most stored bytes that go into the row instead of the store. */
  inlineMaxBytes: number
  /** A cache shared by replicas, asked for frames of at most 64 KiB. */
  sharedCache?: SharedFrameCache | undefined
  /** Observes what encoding and the waits for it took. */
  spent?: DurationObserver | undefined
  /** Counts lookups of frames in memory. */
  count?: CacheCount | undefined
  /** Counts wrong bytes from the store and the shared cache. */
  countDamage?: CountDamage | undefined
}

/** Receives, stores and reads bodies. */
export type Content = Reader & {
  /** A small content in memory, ready for its row, at once; undefined when it needs `receive`. See `pack.ts`. */
  pack(content: Buffer, claim: Claim): StoredContent | undefined
  /** A content of any size from a live source. See `receive.ts`. */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<StoredContent>
  /** A whole content for the only time it will be read. See `read-once.ts`. */
  readOnce(stored: Readable): AsyncGenerator<Buffer, void, void>
  /** Where lines `first` to `last` lie, to be read with `read`. See `line-ranges.ts`. */
  findLines(stored: StoredContent, first: number, last: number, signal?: AbortSignal): Promise<LineRange | undefined>
  /** The same lines at once when they are in memory. See `line-ranges.ts`. */
  peekLines(stored: StoredContent, first: number, last: number): Buffer | undefined
  /** Searches a content for literal text. See `grep.ts`. */
  grep: Grep
  /** The frames of a stored content. Throws `storage_unavailable` when the table is damaged. */
  frames(stored: StoredContent): Frame[]
  /** Removes an object and the remains of unfinished uploads under its key; a missing one is no error. */
  remove(objectKey: string): Promise<void>
  /** Bytes of frames in memory now, for the metrics. */
  cachedBytes(): number
  /** The store, for `/health/ready` and the audit. */
  readonly store: ObjectStore
  /** Frees memory, sockets and files; the last call. */
  close(): Promise<void>
}

const IDLE_BUFFERS = 8

/** Bodies in one store. */
export function createContent({
  store,
  cacheBytes,
  inlineMaxBytes,
  sharedCache,
  spent,
  count,
  countDamage = () => {},
}: ContentOptions): Content {
  const zstd = createZstd({ spent })
  const cache = createFrameCache(cacheBytes, count)
  // Own memory, not slices of Node's pool; kept, because freeing a mebibyte per frame fragments the C heap.
  const buffers = createPool({
    make: () => Buffer.allocUnsafeSlow(FRAME_BYTES),
    limit: Number.POSITIVE_INFINITY,
    idle: IDLE_BUFFERS,
  })
  const open = createFrameSources({ store, zstd, cache, sharedCache, countDamage })
  const lines = { open, index: createLineIndex() }
  return {
    ...createReader(open),
    pack: (content, claim) => pack(content, claim, inlineMaxBytes),
    receive: (source, options) => receive(source, options, { store, zstd, buffers, inlineMaxBytes }),
    readOnce: (stored) => readOnce(stored, { store, zstd, countDamage }),
    findLines: (stored, first, last, signal) => findLines(lines, stored, first, last, signal),
    peekLines: (stored, first, last) => peekLines(lines, stored, first, last),
    grep: createGrep(open),
    frames: decodeFrameTable,
    remove: (objectKey) => store.remove(objectKey),
    cachedBytes: cache.bytes,
    store,
    async close() {
      zstd.close()
      await store.close()
    },
  }
}
