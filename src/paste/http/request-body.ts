import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sanitiseFileName } from '../../content/index.ts'
import { AppError } from '../../core/index.ts'
import {
  type BodySource,
  type ContentCoding,
  contentCoding,
  declaredBytes,
  decodeContent,
  enterDecoder,
  mostCodedBytes,
  readBody,
  readWhole,
  SMALL_BYTES,
  tooLarge,
} from '../../http/index.ts'
import type { Body } from '../model/index.ts'

const DIGEST = /(?:^|,)[ \t]*sha-256=:([^:]*):/

/** A request's body for the readers of `src/http`, counted against the upload limit. */
export function sourceOf(request: FastifyRequest, reply: FastifyReply): BodySource {
  return { raw: request.raw, response: reply.raw, meter: request.meter, intake: request.intake }
}

/**
 * A raw request body as a paste's content: read whole if its declared length is small, else streamed; zstd and gzip are
 * decoded. Throws `payload_too_large` for a declared length over the limit (before a byte is
 * read), `empty_content`, `unsupported_content_encoding`, `invalid_digest`, and what reading throws.
 */
export async function rawBody(source: BodySource, maxBytes: number, fileName?: string): Promise<Body> {
  const { raw } = source
  const coding = contentCoding(raw.headers['content-encoding'])
  const sentBytes = coding === 'identity' ? maxBytes : mostCodedBytes(maxBytes)
  const declared = declaredBytes(raw)
  if (declared !== undefined && declared > sentBytes) throw tooLarge(maxBytes)
  if (declared === 0) throw new AppError('empty_content', { detail: 'Send at least one byte.' })
  const digest = contentDigest(raw.headers['content-digest'])
  const names = {
    mediaType: raw.headers['content-type'],
    fileName: fileName === undefined ? undefined : sanitiseFileName(fileName),
    intake: source.intake,
  }
  // Content-Length and Content-Digest describe the encoded bytes.
  if (coding !== 'identity') return { ...names, source: decoded(source, { coding, sentBytes, digest, maxBytes }) }
  const claim = { ...names, expectedBytes: declared, expectedSha256: digest }
  // Leaves the body unread for a client that waits for 100 Continue: its slug may be refused first.
  if (declared !== undefined && declared <= SMALL_BYTES && raw.headers.expect === undefined)
    return { ...claim, source: await readWhole(source, maxBytes) }
  return { ...claim, source: readBody(source, maxBytes) }
}

type Coded = {
  coding: Exclude<ContentCoding, 'identity'>
  sentBytes: number
  digest: string | undefined
  maxBytes: number
}

/** The content of a coded body, which takes its place before its first byte is read: a decoder needs memory too. */
async function* decoded(source: BodySource, { coding, sentBytes, digest, maxBytes }: Coded): AsyncGenerator<Buffer> {
  await enterDecoder(source.intake, coding)
  yield* decodeContent(digested(readBody(source, sentBytes), digest), coding, maxBytes)
}

/** The same body, which throws `digest_mismatch` at its end if its SHA-256 is not the announced one. */
async function* digested(body: AsyncGenerator<Buffer>, sha256: string | undefined): AsyncGenerator<Buffer> {
  if (sha256 === undefined) return yield* body
  const sum = createHash('sha256')
  for await (const chunk of body) {
    sum.update(chunk)
    yield chunk
  }
  if (sum.digest('hex') !== sha256) throw new AppError('digest_mismatch')
}

/** Throws `unsupported_content_encoding` for a compressed body. */
export function requireIdentity(contentEncoding: string | undefined): void {
  if (contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity')
    throw new AppError('unsupported_content_encoding', {
      detail: 'Send this without Content-Encoding; a raw body may come as zstd or gzip.',
      headers: { 'accept-encoding': 'identity' },
    })
}

/** The SHA-256 of a Content-Digest header (RFC 9530) in lower-case hex; other algorithms are ignored. */
function contentDigest(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = `${header}`
  const match = DIGEST.exec(text)
  const bytes = Buffer.from(match?.[1] ?? '', 'base64')
  if (
    match
      ? bytes.length !== 32 || bytes.toString('base64') !== match[1]
      : !/^[a-z][a-z0-9*_-]*=:[A-Za-z0-9+/=]*:/.test(text.trim())
  )
    throw new AppError('invalid_digest', { detail: 'Send Content-Digest: sha-256=:…: with 32 bytes in base64.' })
  return match ? bytes.toString('hex') : undefined
}
