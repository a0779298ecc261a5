import type { StoredContent } from '../format/index.ts'
import type { FrameSource } from '../frames/index.ts'

/** Reads stored bodies. Buffers may be shared with the cache: never write to them. */
export type Reader = {
  /**
   * Exactly the content bytes [start, end), in pieces of at most 256 KiB. Touches only the frames that hold them and
   * fetches the next while the last piece of one is consumed. Fails with `blob_missing` or `storage_unavailable`,
   * in the middle too: the pieces before were right. Throws RangeError for a range
   * outside the content.
   */
  read(stored: StoredContent, start: number, end: number, signal?: AbortSignal): AsyncGenerator<Buffer, void, void>
  /** The stored bytes as they are, `storedBytes` in all: for `zstd` a valid `Content-Encoding: zstd` body (RFC 8878). */
  encoded(stored: StoredContent, signal?: AbortSignal): AsyncGenerator<Buffer, void, void>
  /** The whole content at once when it lies in the row as it is; else undefined. */
  peek(stored: StoredContent): Buffer | undefined
}

// The most that a slow reader holds; the socket's own buffer takes about as much.
const PIECE_BYTES = 256 * 1024

/** A reader over the frames that `open` gives. */
export function createReader(open: (content: StoredContent) => FrameSource): Reader {
  return {
    read(stored, start, end, signal) {
      if (!(0 <= start && start <= end && end <= stored.sizeBytes)) throw new RangeError('the range leaves the content')
      const { frames, content } = open(stored)
      const wanted = frames.flatMap(({ contentOffset, contentBytes }, index) => {
        const from = Math.max(start - contentOffset, 0)
        const to = Math.min(end - contentOffset, contentBytes)
        return from < to ? [{ load: () => content(index, signal), from, to }] : []
      })
      return pieces(wanted, signal)
    },
    encoded(stored, signal) {
      const source = open(stored)
      const wanted = source.spans.map((span) => ({
        load: () => source.stored(span, signal),
        from: 0,
        to: span.storedBytes,
      }))
      return pieces(wanted, signal)
    },
    peek: ({ encoding, body }) => (encoding === 'identity' ? (body ?? undefined) : undefined),
  }
}

type Wanted = { load: () => Promise<Buffer>; from: number; to: number }

async function* pieces(wanted: readonly Wanted[], signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, void> {
  let coming = wanted[0]?.load()
  for (const [index, { from, to }] of wanted.entries()) {
    const bytes = (await coming) as Buffer
    for (let at = from; at < to; at += PIECE_BYTES) {
      signal?.throwIfAborted()
      const end = Math.min(at + PIECE_BYTES, to)
      if (end === to) {
        coming = wanted[index + 1]?.load()
        // Its failure is unobserved if the reader leaves now.
        coming?.catch(() => {})
      }
      yield bytes.subarray(at, end)
    }
  }
}
