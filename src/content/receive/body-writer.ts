import { crc32 } from 'node:zlib'
import { encodeFrameSums, encodeFrameTable, encodeTrailer, type Frame, type StoredContent } from '../format/index.ts'
import { isWorthCompressing, MIN_COMPRESS_BYTES, type Zstd } from '../frames/index.ts'
import type { ObjectStore, ObjectWriter } from '../stores/index.ts'

/** How and where a body is stored. */
export type StoredBody = Pick<StoredContent, 'encoding' | 'storedBytes' | 'frames' | 'frameSums' | 'body' | 'objectKey'>

/** A body on its way to the row or the store, frame by frame. One call at a time, only `abort` may come in between. */
export type BodyWriter = {
  /** Stores the next frame; every frame but the last has `FRAME_BYTES`. Has no more need of `content` once resolved. */
  put(content: Buffer, firstLine: number): Promise<void>
  /** Makes the body durable. */
  finish(lines: number): Promise<StoredBody>
  /** Ends the attempt and leaves nothing; never rejects. */
  abort(): Promise<void>
}

/**
 * Writes a body of unknown size. The first frame decides for all whether they are compressed. The object is begun only
 * when the bytes no longer fit the row, so that most bodies never touch the store.
 */
export function createBodyWriter(deps: {
  store: ObjectStore
  zstd: Zstd
  objectKey: string
  inlineMaxBytes: number
}): BodyWriter {
  const { store, zstd, objectKey, inlineMaxBytes } = deps
  const frames: Frame[] = []
  const sums: number[] = []
  const held: Buffer[] = []
  let encoding: StoredContent['encoding'] | undefined
  let storedBytes = 0
  let contentBytes = 0
  let writer: ObjectWriter | undefined
  let aborted = false

  const encode = async (content: Buffer): Promise<Buffer[]> => {
    if (encoding === 'identity' || (encoding === undefined && content.length < MIN_COMPRESS_BYTES)) return [content]
    const pieces = await zstd.compress(content)
    return encoding === 'zstd' || isWorthCompressing(content.length, totalBytes(pieces)) ? pieces : [content]
  }
  return {
    async put(content, firstLine) {
      const pieces = await encode(content)
      if (aborted) return
      encoding ??= pieces[0] === content ? 'identity' : 'zstd'
      const frame = { storedBytes: totalBytes(pieces), contentBytes: content.length, firstLine }
      frames.push({ ...frame, storedOffset: storedBytes, contentOffset: contentBytes })
      sums.push(pieces.reduce((sum, piece) => crc32(piece, sum), 0))
      storedBytes += frame.storedBytes
      contentBytes += frame.contentBytes
      if (writer === undefined && storedBytes <= inlineMaxBytes) {
        for (const piece of pieces) held.push(Buffer.from(piece))
        return
      }
      writer ??= store.create(objectKey)
      for (const piece of [...held.splice(0), ...pieces]) await writer.write(piece)
    },
    async finish(lines) {
      const stored = { encoding: encoding ?? 'identity', storedBytes, frames: encodeFrameTable(frames) }
      if (writer === undefined) return { ...stored, frameSums: null, body: Buffer.concat(held), objectKey: null }
      const trailer = encoding === 'zstd' ? encodeTrailer(frames, lines) : Buffer.alloc(0)
      if (trailer.length > 0) await writer.write(trailer)
      await writer.commit(storedBytes + trailer.length)
      return { ...stored, frameSums: encodeFrameSums(objectKey, sums), body: null, objectKey }
    },
    async abort() {
      aborted = true
      await writer?.abort()
    },
  }
}

function totalBytes(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}
