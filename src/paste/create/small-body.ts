import { hash } from 'node:crypto'
import { AppError } from '../../core/index.ts'
import { tooLarge } from '../../http/index.ts'
import type { Body } from '../model/index.ts'
import type { UploadSlots } from './upload-slots.ts'

/** Up to here a body is read whole before anything is decided; past it, it streams. */
export const SMALL_BYTES = 64 * 1024

/**
 * Runs `work` in an upload slot if its body may be large. Streams take one here ({@link withSmall}); JSON, which is
 * whole in memory before anything is made of it, takes one where it is read.
 */
export function inSlotIf<Result>(
  mayBeLarge: boolean,
  uploads: UploadSlots,
  work: () => Promise<Result>,
): Promise<Result> {
  return mayBeLarge ? uploads.run(work) : work()
}

/** The beginning of a body: all of it (`complete`), or what was read so far and the rest. */
export type SmallBody = { complete?: Buffer | undefined; head: Buffer[]; rest: AsyncIterator<Buffer> | undefined }

/**
 * Reads a body until it ends or 64 KiB are past. Throws `empty_content`, `payload_too_large`, `digest_mismatch`,
 * `body_incomplete` as soon as it is known.
 */
async function readSmall(body: Body, maxBytes: number): Promise<SmallBody> {
  if (body.expectedBytes !== undefined && body.expectedBytes > maxBytes) throw tooLarge(maxBytes)
  if (Buffer.isBuffer(body.source)) return whole(body, body.source, maxBytes)
  const iterator = body.source[Symbol.asyncIterator]()
  const head: Buffer[] = []
  let total = 0
  while (total <= SMALL_BYTES) {
    const next = await iterator.next()
    if (next.done) return whole(body, head.length === 1 && head[0] ? head[0] : Buffer.concat(head), maxBytes)
    // A chunk is only lent until the next one.
    head.push(Buffer.from(next.value))
    total += next.value.length
  }
  return { head, rest: iterator }
}

function whole(body: Body, bytes: Buffer, maxBytes: number): SmallBody {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  if (bytes.length === 0)
    throw new AppError('empty_content', { detail: 'Send at least one byte.', members: { pointer: '/content' } })
  if (body.expectedBytes !== undefined && body.expectedBytes !== bytes.length) throw new AppError('body_incomplete')
  if (body.expectedSha256 !== undefined && hash('sha256', bytes, 'hex') !== body.expectedSha256)
    throw new AppError('digest_mismatch')
  return { complete: bytes, head: [bytes], rest: undefined }
}

/**
 * Reads the beginning of a body as {@link readSmall} does and hands it to `use`, in an upload slot if there is more.
 * Afterwards closes the source if unread bytes remain; otherwise its listeners and timer would leak. Throws
 * `upload_capacity` too.
 */
export async function withSmall<Result>(
  { limits, uploads }: { limits: { maxPasteBytes: number }; uploads: UploadSlots },
  body: Body,
  use: (small: SmallBody) => Promise<Result>,
): Promise<Result> {
  const small = await readSmall(body, limits.maxPasteBytes)
  try {
    return await inSlotIf(small.complete === undefined, uploads, () => use(small))
  } finally {
    // Not awaited: a source that hangs would hang its end too.
    small.rest?.return?.()?.catch(() => {})
  }
}

/** The whole body again, as a stream. Ending the loop early ends the source. */
export async function* joined({ head, rest }: SmallBody): AsyncGenerator<Buffer> {
  try {
    yield* head
    if (rest === undefined) return
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest?.return?.()
  }
}
