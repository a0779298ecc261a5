import type { Transform } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import { AppError, freeBuffer } from '../core/index.ts'
import {
  type BodySource,
  declaredBytes,
  readBody,
  readWhole,
  refuseDeclaredOver,
  tooLarge,
  WHOLE_COPIES,
} from './body.ts'
import type { Intake } from './intake.ts'

/** How the content of a request may be coded (RFC 9110 section 8.4.1). */
export type ContentCoding = 'identity' | 'gzip' | 'zstd'

const CODINGS: Readonly<Record<string, ContentCoding>> = {
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  zstd: 'zstd',
}
const PIECE_BYTES = 64 * 1024
/** RFC 9659: decoders need not support windows above 8 MiB. */
const WINDOW_LOG = 23
/** The largest body that needs no place: smaller ones are many, and cheap even when they are slow. */
export const SMALL_BYTES = 64 * 1024

/** The coding of a request's content. Throws `unsupported_content_encoding` for another, or for several. */
export function contentCoding(header: string | undefined): ContentCoding {
  if (header === undefined) return 'identity'
  const name = header.trim().toLowerCase()
  const coding = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined
  if (coding !== undefined) return coding
  throw new AppError('unsupported_content_encoding', {
    detail: 'Send the content as it is, or as zstd or gzip.',
    headers: { 'accept-encoding': 'zstd, gzip' },
  })
}

/** The longest coded content: coding makes incompressible content only a little longer. */
export function mostCodedBytes(limitBytes: number): number {
  return limitBytes + Math.ceil(limitBytes / 64) + 1024
}

/**
 * The decoded content of a body. Several members (RFC 1952) or frames (RFC 8878) count as one content. Decoding stops
 * at the first piece past `limitBytes`, and needs some 8 MiB whatever the content's size. Throws
 * `payload_too_large`, `invalid_compression` for what is damaged, cut off, or followed by something else, and what
 * reading throws. The caller owns each piece.
 */
export async function* decodeContent(
  coded: AsyncGenerator<Buffer>,
  coding: Exclude<ContentCoding, 'identity'>,
  limitBytes: number,
  hint?: string,
): AsyncGenerator<Buffer, void, void> {
  const decoder = coding === 'zstd' ? createZstdDecompress(ZSTD) : createGunzip({ chunkSize: PIECE_BYTES })
  let codedBytes = 0
  const feed = async () => {
    for await (const chunk of coded) {
      codedBytes += chunk.length
      // A chunk is valid only until the next is requested, so it must be consumed first.
      await written(decoder, chunk)
    }
    decoder.end()
  }
  feed().catch((error) => decoder.destroy(error))
  let bytes = 0
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > limitBytes) throw tooLarge(limitBytes, hint)
      yield piece
    }
    // zlib ignores trailing data; here it is an error.
    if (decoder.bytesWritten !== codedBytes) throw new Error('something follows the end')
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('invalid_compression', { cause })
  } finally {
    decoder.destroy()
    // Not awaited: a source that hangs would hang its end too.
    coded.return(undefined).catch(() => {})
  }
}

/**
 * A whole content of at most `limitBytes` in memory, decoded according to its Content-Encoding. Throws as reading does,
 * and `upload_capacity` where it may be large and finds no place.
 */
export async function readWholeContent(source: BodySource, limitBytes: number, hint?: string): Promise<Buffer> {
  const coding = contentCoding(source.raw.headers['content-encoding'])
  if (coding === 'identity') {
    await enterIfLarge(source, limitBytes, hint)
    return readWhole(source, limitBytes, hint)
  }
  const mostBytes = mostCodedBytes(limitBytes)
  refuseDeclaredOver(source.raw, mostBytes, hint)
  await enterDecoder(source.intake, coding)
  const pieces: Buffer[] = []
  try {
    for await (const piece of decodeContent(readBody(source, mostBytes, hint), coding, limitBytes, hint)) {
      source.intake?.keep(WHOLE_COPIES * piece.length)
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  } catch (error) {
    source.intake?.leave()
    throw error
  } finally {
    // Left to the collector, the pieces of bodies that come and go add up to many times what is in use.
    for (const piece of pieces) freeBuffer(piece)
  }
}

/** Takes a place for a body that may have more than 64 KiB, before any of it is kept. */
export async function enterIfLarge({ raw, intake }: BodySource, limitBytes: number, hint?: string): Promise<void> {
  if (limitBytes <= SMALL_BYTES || (declaredBytes(raw) ?? Number.POSITIVE_INFINITY) <= SMALL_BYTES) return
  refuseDeclaredOver(raw, limitBytes, hint)
  const turn = intake?.enter()
  if (turn) await turn
}

/** Takes a place for a coded body, whose size nobody knows, and counts the memory that decoding it needs. */
export async function enterDecoder(intake: Intake | undefined, coding: Exclude<ContentCoding, 'identity'>) {
  const turn = intake?.enter()
  if (turn) await turn
  if (coding === 'zstd') intake?.keep(2 ** WINDOW_LOG)
}

const ZSTD = { chunkSize: PIECE_BYTES, params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG } }

function written(decoder: Transform, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => decoder.write(chunk, (error) => (error ? reject(error) : resolve())))
}
