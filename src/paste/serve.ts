import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content } from '../content/index.ts'
import {
  AppError,
  acceptsZstd,
  type Logger,
  noneMatchHolds,
  notModifiedSince,
  parseRange,
  rangeStillHolds,
} from '../core/index.ts'
import type { Paste } from './paste.ts'
import { type Representation, rawHeaders } from './raw-headers.ts'
import { sendStream } from './send-stream.ts'
import { contentTag, zstdTag } from './tags.ts'

/** Answers with a paste's bytes. `negotiated` says that the same address gives browsers a page. */
export type ServeContent = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  as?: 'inline' | 'attachment',
  negotiated?: boolean,
) => FastifyReply | Promise<FastifyReply>

/**
 * The one place that sends content: conditional requests before anything is opened (RFC 9110 section 13), one byte
 * range of the identity representation (section 14), zstd as stored where it is accepted, HEAD from metadata alone.
 * Throws `range_not_satisfiable`, and what the store throws before the first byte; after that a failure breaks the
 * connection, never shortens the body. What is in memory is answered at once, without a promise.
 */
export function createServeContent(deps: { content: Content; logger: Logger }): ServeContent {
  // One head for each snapshot and representation: building it costs more than sending a small body.
  const heads = new WeakMap<Paste, Map<string, string[]>>()

  function head(paste: Paste, how: Representation): string[] {
    const known = heads.get(paste) ?? new Map<string, string[]>()
    const name = `${how.as}${how.encoding}${how.negotiated}`
    const headers = known.get(name) ?? rawHeaders(paste, how)
    known.set(name, headers)
    heads.set(paste, known)
    return headers
  }

  return function serveContent(request, reply, paste, as = 'inline', negotiated = false) {
    const { headers, method } = request.raw
    const { content } = paste
    if (paste.maxViews !== null) throw needsClaim(paste)
    const isGet = method === 'GET'
    const wantsRange = isGet && headers.range !== undefined
    const encoding =
      content.encoding === 'zstd' && !wantsRange && acceptsZstd(headers['accept-encoding']) ? 'zstd' : 'identity'
    const fields = head(paste, { as, encoding, negotiated })
    const isPrivate = paste.visibility === 'private'
    const response = reply.raw

    if (!isPrivate && isUnchanged(headers, paste)) {
      reply.hijack()
      response.writeHead(
        304,
        fields.filter((_, index) => KEPT_BY_304.has(fields[index & ~1] ?? '')),
      )
      response.end()
      return reply
    }
    const range = wantsRange ? rangeOf(headers, paste, isPrivate) : null
    if (range === 'unsatisfiable') throw unsatisfiable(content.sizeBytes)
    const isZstd = encoding === 'zstd'
    const total = isZstd ? content.storedBytes : content.sizeBytes
    const { start, end } = range ?? { start: 0, end: total }
    const span = range ? ['Content-Range', `bytes ${start}-${end - 1}/${total}`] : []
    const sent = { status: range ? 206 : 200, fields: [...fields, ...span, 'Content-Length', `${end - start}`] }
    const bytes = isZstd ? (content.body ?? undefined) : deps.content.peek(content)
    if (isGet && bytes === undefined) {
      const open = (signal: AbortSignal) =>
        isZstd ? deps.content.encoded(content, signal) : deps.content.read(content, start, end, signal)
      return sendStream(reply, { ...sent, length: end - start }, open, deps.logger)
    }
    reply.hijack()
    response.writeHead(sent.status, sent.fields)
    response.end(isGet ? (range ? bytes?.subarray(start, end) : bytes) : undefined)
    return reply
  }
}

/** The answer to a GET of a paste whose readings are counted: previews, prefetches and retries must use none up. */
export function needsClaim({ slug, maxViews }: Paste): AppError {
  return new AppError('burn_requires_post', {
    detail: `It can be read ${maxViews === 1 ? 'once' : `${maxViews} times`}: POST /api/v1/pastes/${slug}/claim reads it.`,
    headers: { allow: 'POST' },
    members: { slug },
  })
}

const KEPT_BY_304 = new Set(['ETag', 'Cache-Control', 'Vary', 'Last-Modified'])

type Headers = FastifyRequest['raw']['headers']

function isUnchanged(headers: Headers, paste: Paste): boolean {
  const held = headers['if-none-match']
  if (held !== undefined) return noneMatchHolds(held, [contentTag(paste), zstdTag(paste)])
  return notModifiedSince(headers['if-modified-since'], paste.updatedAt)
}

function rangeOf(headers: Headers, paste: Paste, isPrivate: boolean) {
  const condition = headers['if-range']
  if (condition !== undefined && (isPrivate || !rangeStillHolds(`${condition}`, contentTag(paste), paste.updatedAt)))
    return null
  return parseRange(headers.range, paste.content.sizeBytes)
}

function unsatisfiable(sizeBytes: number): AppError {
  return new AppError('range_not_satisfiable', {
    detail: `The content has ${sizeBytes} bytes.`,
    headers: { 'content-range': `bytes */${sizeBytes}` },
  })
}
