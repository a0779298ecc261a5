import { hash } from 'node:crypto'
import { AppError } from '../../core/index.ts'
import { SMALL_BYTES, tooLarge } from '../../http/index.ts'
import type { Body } from '../model/index.ts'
import type { UploadSlots } from './upload-slots.ts'

/** The beginning of a body: all of it (`complete`), or the chunks read so far and the rest. */
export type BodyStart = { complete?: Buffer | undefined; chunks: Buffer[]; rest: AsyncIterator<Buffer> | undefined }

/**
 * Reads a body to its end or past 64 KiB. Throws `empty_content`, `payload_too_large`, `digest_mismatch` and
 * `body_incomplete` as early as possible.
 */
async function readBodyStart(body: Body, maxBytes: number): Promise<BodyStart> {
  if (body.expectedBytes !== undefined && body.expectedBytes > maxBytes) throw tooLarge(maxBytes)
  if (Buffer.isBuffer(body.source)) return whole(body, body.source, maxBytes)
  const iterator = body.source[Symbol.asyncIterator]()
  const chunks: Buffer[] = []
  let total = 0
  while (total <= SMALL_BYTES) {
    const next = await iterator.next()
    if (next.done) return whole(body, chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), maxBytes)
    body.intake?.keep(next.value.length)
    // Copies the chunk: its memory is reused for the next one.
    chunks.push(Buffer.from(next.value))
    total += next.value.length
  }
  return { chunks, rest: iterator }
}

function whole(body: Body, bytes: Buffer, maxBytes: number): BodyStart {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  if (bytes.length === 0)
    throw new AppError('empty_content', { detail: 'Send at least one byte.', members: { pointer: '/content' } })
  if (body.expectedBytes !== undefined && body.expectedBytes !== bytes.length) throw new AppError('body_incomplete')
  if (body.expectedSha256 !== undefined && hash('sha256', bytes, 'hex') !== body.expectedSha256)
    throw new AppError('digest_mismatch')
  return { complete: bytes, chunks: [bytes], rest: undefined }
}

/**
 * Reads the beginning of a body as {@link readBodyStart} does and hands it to `use`, in an upload slot if there is more.
 * Afterwards closes the source if unread bytes remain; otherwise its listeners and timer would leak. Throws
 * `upload_capacity` too.
 */
export async function withBodyStart<Result>(
  { limits, uploads }: { limits: { maxPasteBytes: number }; uploads: UploadSlots },
  body: Body,
  use: (small: BodyStart) => Promise<Result>,
): Promise<Result> {
  let small: BodyStart | undefined
  try {
    const start = await readBodyStart(body, limits.maxPasteBytes)
    small = start
    return await (start.complete ? use(start) : uploads.run(() => use(start), body.intake))
  } finally {
    body.intake?.leave()
    // Not awaited: closing a source that hangs would hang too.
    small?.rest?.return?.()?.catch(() => {})
  }
}

/** The whole body as a stream. Leaving the loop early closes the source. */
export async function* joined({ chunks, rest }: BodyStart): AsyncGenerator<Buffer> {
  try {
    yield* chunks
    if (rest === undefined) return
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest?.return?.()
  }
}
