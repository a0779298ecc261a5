import { LRUCache } from 'lru-cache'
import { type CountDamage, DamagedContent, freeBuffer } from '../../core/index.ts'
import { decodeFrameSums, decodeFrameTable, type Frame, type StoredContent } from '../format/index.ts'
import type { ObjectStore } from '../stores/index.ts'
import { readChecked, soundFrames } from './checked-read.ts'
import type { FrameCache } from './frame-cache.ts'
import { loadThrough, type SharedFrameCache } from './shared-cache.ts'
import { cutSpans, type Span, spanOf } from './spans.ts'
import type { Zstd } from './zstd.ts'

/** The frames of one body, in the row or the store. Buffers may be shared with the cache: never write to them. */
export type FrameSource = {
  readonly frames: readonly Frame[]
  readonly spans: readonly Span[]
  /** Stored bytes of a span, their checksums checked. */
  stored(span: Span, signal?: AbortSignal): Promise<Buffer>
  /** Content of the frame with this index, its length and checksum checked. */
  content(index: number, signal?: AbortSignal, use?: FrameUse): Promise<Buffer>
  /** The same for one pass over a body: a frame decoded for it does not enter the cache. */
  borrow(index: number, signal?: AbortSignal): Promise<Borrowed>
  /** The same when it lies decoded in memory. */
  peek(index: number): Buffer | undefined
  /** A name of the content of the frame with this index, unique for ever. */
  nameOf(index: number): string
}

/** Content that is valid until `release`. */
export type Borrowed = { content: Buffer; release(): void }

/**
 * When the cache keeps a decoded frame. `reading`: from its second use on, so that one reader of 50 MiB does not evict
 * the frames of others. `window`: at once, since its reader will want it again.
 */
export type FrameUse = 'reading' | 'window'

const REMEMBERED_FRAMES = 4096
/** Of bodies of several frames: decoding a table costs more than reading a few lines. */
const REMEMBERED_SOURCES = 256

/** Opens the frames of stored bodies. Throws `storage_unavailable` for a damaged frame table. */
export function createFrameSources(deps: {
  store: ObjectStore
  zstd: Zstd
  cache: FrameCache
  sharedCache?: SharedFrameCache | undefined
  countDamage: CountDamage
}): (content: StoredContent) => FrameSource {
  const { store, zstd, cache, sharedCache, countDamage } = deps
  const decodedBefore = new LRUCache<string, true>({ max: REMEMBERED_FRAMES })
  const opened = new LRUCache<StoredContent, FrameSource>({ max: REMEMBERED_SOURCES })

  function open(stored: StoredContent): FrameSource {
    const { body, objectKey, sha256, encoding } = stored
    const frames = decodeFrameTable(stored)
    // Decoded with each load, not with each lookup of what lies in memory.
    const sums = () => decodeFrameSums(stored, frames.length)
    const spans = cutSpans(frames)
    const nameOf = (index: number) => `${objectKey ?? sha256}/${index}/content`
    const spanKey = (span: Span) => `${objectKey}/${span.first}`
    const storedSpan = async (span: Span, signal?: AbortSignal, fresh = false): Promise<Buffer> => {
      if (objectKey === null) return inline(body, span.storedOffset, span.storedBytes)
      const key = spanKey(span)
      const load = () => {
        const isSound = soundFrames(frames, sums(), span)
        const read = () => store.read(objectKey, span.storedOffset, span.storedBytes)
        const load = () => readChecked(read, isSound, countDamage)
        return loadThrough(sharedCache, { key, length: span.storedBytes, isSound, count: countDamage, fresh, load })
      }
      return cache.get(key, load, { keep: true, signal })
    }
    const frameAt = (index: number): Frame => {
      const frame = frames[index]
      if (frame === undefined) throw new RangeError(`there is no frame ${index}`)
      return frame
    }
    const storedFrame = async (index: number, signal?: AbortSignal, fresh = false): Promise<Buffer> => {
      const frame = frameAt(index)
      const span = spanOf(spans, index)
      const from = frame.storedOffset - span.storedOffset
      return (await storedSpan(span, signal, fresh)).subarray(from, from + frame.storedBytes)
    }
    const decode = async (index: number, signal?: AbortSignal): Promise<Buffer> => {
      const { contentBytes } = frameAt(index)
      const bytes = await storedFrame(index, signal)
      try {
        return await zstd.decompress(bytes, contentBytes)
      } catch (error) {
        // Without checksums, wrong bytes show only here, and may lie in both caches.
        if (sums() !== undefined || objectKey === null || !(error instanceof DamagedContent)) throw error
        cache.drop(spanKey(spanOf(spans, index)))
        const again = await storedFrame(index, signal, true)
        return await countedDecode(again, contentBytes).catch((cause: unknown) => {
          cache.drop(spanKey(spanOf(spans, index)))
          throw cause
        })
      }
    }
    const content = async (index: number, signal?: AbortSignal, use: FrameUse = 'reading'): Promise<Buffer> => {
      if (encoding === 'identity') return storedFrame(index, signal)
      const key = nameOf(index)
      const keep = use === 'window' || decodedBefore.has(key)
      if (use === 'reading') decodedBefore.set(key, true)
      // Decoding has no signal: a reader who leaves must not end it for others.
      return cache.get(key, () => decode(index), { keep, signal })
    }
    const borrow = async (index: number, signal?: AbortSignal): Promise<Borrowed> => {
      const shared = encoding === 'identity' ? await storedFrame(index, signal) : cache.peek(nameOf(index))
      if (shared !== undefined) return { content: shared, release() {} }
      const own = await decode(index, signal)
      return { content: own, release: () => freeBuffer(own) }
    }
    const peek = (index: number): Buffer | undefined => {
      if (encoding === 'zstd') return cache.peek(nameOf(index))
      const { storedOffset, storedBytes } = frameAt(index)
      if (objectKey === null) return inline(body, storedOffset, storedBytes)
      const span = spanOf(spans, index)
      const from = storedOffset - span.storedOffset
      return cache.peek(spanKey(span))?.subarray(from, from + storedBytes)
    }
    return { frames, spans, stored: storedSpan, content, borrow, peek, nameOf }
  }

  async function countedDecode(bytes: Buffer, contentBytes: number): Promise<Buffer> {
    try {
      const content = await zstd.decompress(bytes, contentBytes)
      countDamage('mended')
      return content
    } catch (error) {
      countDamage('refused')
      throw error
    }
  }

  return (content) => {
    if (content.frames.length === 0) return open(content)
    const source = opened.get(content) ?? open(content)
    opened.set(content, source)
    return source
  }
}

function inline(body: Buffer | null, offset: number, length: number): Buffer {
  if (body === null) throw new TypeError('a stored content has either a body or an object key')
  return body.subarray(offset, offset + length)
}
