import { LRUCache } from 'lru-cache'
import type { FrameCache } from './frame-cache.ts'
import { decodeFrameTable, type Frame } from './frame-table.ts'
import { loadThrough, type SecondLevel } from './second-level.ts'
import { cutSpans, type Span, spanOf } from './spans.ts'
import type { ObjectStore } from './store.ts'
import type { StoredContent } from './stored.ts'
import type { Zstd } from './zstd.ts'

/** The frames of one body, wherever it lies. Buffers given out may be shared with the cache: never write to them. */
export type FrameSource = {
  readonly frames: readonly Frame[]
  readonly spans: readonly Span[]
  /** Stored bytes of a span. */
  stored(span: Span, signal?: AbortSignal): Promise<Buffer>
  /** Content of the frame with this index, its length and checksum checked. */
  content(index: number, signal?: AbortSignal, use?: FrameUse): Promise<Buffer>
  /** A name for the content of the frame with this index, which no other content ever has. */
  nameOf(index: number): string
}

/**
 * What the cache makes of a decoded frame. `reading`: kept from its second use on, so that one reader of 50 MiB does not
 * push out what others need. `window`: kept at once, since its reader comes back for it. `search`: no use at all.
 */
export type FrameUse = 'reading' | 'window' | 'search'

const REMEMBERED_FRAMES = 4096

/** Opens the frames of stored bodies. Throws `storage_unavailable` for a damaged frame table. */
export function createFrameSources(deps: {
  store: ObjectStore
  zstd: Zstd
  cache: FrameCache
  second?: SecondLevel | undefined
}): (content: StoredContent) => FrameSource {
  const { store, zstd, cache, second } = deps
  const decodedBefore = new LRUCache<string, true>({ max: REMEMBERED_FRAMES })

  return ({ body, objectKey, sha256, encoding, ...table }) => {
    const frames = decodeFrameTable(table)
    const spans = cutSpans(frames)
    const nameOf = (index: number) => `${objectKey ?? sha256}/${index}/content`
    const stored = async (span: Span, signal?: AbortSignal): Promise<Buffer> => {
      if (objectKey === null) return inline(body, span.storedOffset, span.storedBytes)
      const key = `${objectKey}/${span.first}`
      const read = () => store.read(objectKey, span.storedOffset, span.storedBytes)
      return cache.get(key, () => loadThrough(second, key, span.storedBytes, read), { keep: true, signal })
    }
    const storedFrame = async (index: number, frame: Frame, signal?: AbortSignal): Promise<Buffer> => {
      const span = spanOf(spans, index)
      const from = frame.storedOffset - span.storedOffset
      return (await stored(span, signal)).subarray(from, from + frame.storedBytes)
    }
    const content = async (index: number, signal?: AbortSignal, use: FrameUse = 'reading'): Promise<Buffer> => {
      const frame = frames[index]
      if (frame === undefined) throw new RangeError(`there is no frame ${index}`)
      if (encoding === 'identity') return storedFrame(index, frame, signal)
      const key = nameOf(index)
      const keep = use === 'window' || (use === 'reading' && decodedBefore.has(key))
      if (use === 'reading') decodedBefore.set(key, true)
      const decode = async () => zstd.decompress(await storedFrame(index, frame), frame.contentBytes)
      return cache.get(key, decode, { keep, signal })
    }
    return { frames, spans, stored, content, nameOf }
  }
}

function inline(body: Buffer | null, offset: number, length: number): Buffer {
  if (body === null) throw new TypeError('a stored content has either a body or an object key')
  return body.subarray(offset, offset + length)
}
