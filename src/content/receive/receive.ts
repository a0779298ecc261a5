import { AppError } from '../../core/index.ts'
import { FRAME_BYTES, MAX_CONTENT_BYTES, type StoredContent } from '../format/index.ts'
import type { Pool, Zstd } from '../frames/index.ts'
import type { Claim } from '../naming/index.ts'
import type { ObjectStore } from '../stores/index.ts'
import { createBodyWriter } from './body-writer.ts'
import { forEachChunk } from './for-each-chunk.ts'
import { createInspector } from './inspector.ts'

/** Bounds of a body, and where it is stored. */
export type ReceiveOptions = {
  /** Key of the object that is made when the body does not fit a row: fresh, never used before. */
  objectKey: string
  /** Most bytes of content; never more than 52,428,800. */
  limitBytes: number
  claim: Claim
  /** Bytes that the client announced. */
  expectedBytes?: number | undefined
  /** SHA-256 that the client announced: lower-case hex, 64 characters. */
  expectedSha256?: string | undefined
  /** Called when all is written and nothing is visible yet: an error ends the attempt. */
  beforeCommit?: (() => void) | undefined
  /** Aborts when the client disconnects or is too slow. */
  signal?: AbortSignal | undefined
}

/**
 * Takes a body of unknown size from a live source, with back-pressure, and stores it. Rejects with
 * `payload_too_large` (at the first byte above the limit, member `maxBytes`), `empty_content`, `body_incomplete`,
 * `digest_mismatch`, or what the store rejects with; then nothing is left in the store.
 *
 * Closes a source with unread bytes, which destroys a Node stream. To answer on the same connection, pass
 * `stream.iterator({ destroyOnReturn: false })`.
 *
 * While one frame is compressed and written, the next is filled: two frames of memory, whatever the body's size.
 */
export async function receive(
  source: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
  deps: { store: ObjectStore; zstd: Zstd; buffers: Pool<Buffer>; inlineMaxBytes: number },
): Promise<StoredContent> {
  const { objectKey, claim, signal, expectedBytes, expectedSha256 } = options
  const limitBytes = Math.min(options.limitBytes, MAX_CONTENT_BYTES)
  const inspector = createInspector()
  const writer = createBodyWriter({ ...deps, objectKey })
  let frame = await deps.buffers.take()
  let filled = 0
  let firstLine = 1
  let sizeBytes = 0
  let stored = Promise.resolve()

  const flush = async () => {
    const full = frame
    const content = full.subarray(0, filled)
    await stored
    stored = writer.put(content, firstLine).finally(() => deps.buffers.put(full))
    stored.catch(() => {})
    frame = await deps.buffers.take()
    filled = 0
    firstLine = inspector.newlines() + 1
  }
  const append = async (chunk: Uint8Array) => {
    for (let used = 0; used < chunk.length; ) {
      // A full frame waits for one more byte, so that the last frame is never empty.
      if (filled === FRAME_BYTES) await flush()
      const part = chunk.subarray(used, used + FRAME_BYTES - filled)
      frame.set(part, filled)
      // Chunk by chunk: whole frames of many uploads at once would block the event loop for as many ms.
      inspector.push(frame.subarray(filled, filled + part.length))
      filled += part.length
      used += part.length
    }
  }
  try {
    await forEachChunk(source, signal, (chunk) => {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) throw new AppError('payload_too_large', { members: { maxBytes: limitBytes } })
      return append(chunk)
    })
    if (expectedBytes !== undefined && sizeBytes !== expectedBytes) {
      throw new AppError('body_incomplete', { detail: `${sizeBytes} of ${expectedBytes} bytes came.` })
    }
    if (sizeBytes === 0) throw new AppError('empty_content')
    await flush()
    await stored
    const inspection = inspector.finish(claim)
    if (expectedSha256 !== undefined && inspection.sha256 !== expectedSha256) throw new AppError('digest_mismatch')
    options.beforeCommit?.()
    return { ...inspection, ...(await writer.finish(inspection.lines)) }
  } catch (error) {
    await writer.abort()
    // The aborted write still holds a buffer, which it returns to the pool.
    await stored.catch(() => {})
    throw error
  } finally {
    deps.buffers.put(frame)
  }
}
