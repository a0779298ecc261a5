import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content } from '../../content/index.ts'
import { AppError, type Clock, type Logger, type PasteEvents, type Via } from '../../core/index.ts'
import { acceptsZstd, parseRange, rangeStillHolds } from '../../http/index.ts'
import type { Paste } from '../model/index.ts'
import { contentEtag, zstdEtag } from '../model/index.ts'
import { contentHeaders, type Representation } from './content-headers.ts'
import { selectionOf } from './line-query.ts'
import { createServeSelection } from './lines-response.ts'
import { sendNotModified } from './not-modified.ts'
import type { Delivery } from './selection-headers.ts'
import { sendStream } from './send-stream.ts'
import { isBeginning, recordView } from './view-events.ts'

/** How bytes are served, and through which door. `negotiated` says that the same address gives browsers a page. */
export type Serving = Delivery & { readonly via: Via }

/** Answers with a paste's bytes. */
export type ServeContent = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  how: Serving,
) => FastifyReply | Promise<FastifyReply>

/**
 * The one place that sends content: conditional requests before anything is opened (RFC 9110 section 13), one byte
 * range of the identity representation (section 14), zstd as stored where it is accepted, HEAD from metadata alone; or
 * the lines that the query selects. An answer that is a view is told as one, see `viewed.ts`. Throws `range_not_satisfiable`, and what the store throws before the first byte;
 * after that a failure breaks the connection, never shortens the body. What is in memory is answered at once, without
 * a promise.
 */
export function createServeContent(deps: {
  content: Content
  logger: Logger
  clock: Clock
  events: PasteEvents
}): ServeContent {
  // One head for each snapshot and representation: building it costs more than sending a small body.
  const heads = new WeakMap<Paste, Map<string, string[]>>()
  const serveSelection = createServeSelection(deps)
  const { events } = deps

  function head(paste: Paste, how: Representation): string[] {
    const known = heads.get(paste) ?? new Map<string, string[]>()
    const name = `${how.as}${how.encoding}${how.negotiated}`
    const headers = known.get(name) ?? contentHeaders(paste, how)
    known.set(name, headers)
    heads.set(paste, known)
    return headers
  }

  return function serveContent(request, reply, paste, how) {
    const { headers, method } = request.raw
    const { content } = paste
    const response = reply.raw
    if (paste.maxViews !== null) throw needsClaim(paste)
    const selection = selectionOf(request)
    if (selection) {
      const told = () => {
        if (method === 'GET' && response.statusCode === 200 && isBeginning(selection))
          recordView(events, how.via, paste, request)
        return reply
      }
      const served = serveSelection(request, reply, paste, selection, how)
      return served instanceof Promise ? served.then(told) : told()
    }
    const isGet = method === 'GET'
    const wantsRange = isGet && headers.range !== undefined
    const encoding =
      content.encoding === 'zstd' && !wantsRange && acceptsZstd(headers['accept-encoding']) ? 'zstd' : 'identity'
    const fields = head(paste, { as: how.as, encoding, negotiated: how.negotiated })
    const isPrivate = paste.visibility === 'private'

    if (sendNotModified(request, reply, paste, contentEtags, fields)) return reply
    const range = wantsRange ? rangeOf(headers, paste, isPrivate) : null
    if (range === 'unsatisfiable') throw unsatisfiable(content.sizeBytes, isPrivate)
    const isZstd = encoding === 'zstd'
    const total = isZstd ? content.storedBytes : content.sizeBytes
    const { start, end } = range ?? { start: 0, end: total }
    const sent = { status: range ? 206 : 200, fields: [...fields, 'Content-Length', `${end - start}`] }
    if (range) sent.fields.push('Content-Range', `bytes ${start}-${end - 1}/${total}`)
    const bytes = isZstd ? (content.body ?? undefined) : deps.content.peek(content)
    if (isGet && bytes === undefined) {
      const open = (signal: AbortSignal) =>
        isZstd ? deps.content.encoded(content, signal) : deps.content.read(content, start, end, signal)
      return sendStream(reply, { ...sent, length: end - start }, open, deps.logger).then(() => {
        if (start === 0) recordView(events, how.via, paste, request)
        return reply
      })
    }
    reply.hijack()
    sent.fields.push('X-Request-Id', request.id)
    response.writeHead(sent.status, sent.fields)
    response.end(isGet ? (range ? bytes?.subarray(start, end) : bytes) : undefined)
    if (isGet && start === 0) recordView(events, how.via, paste, request)
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

function contentEtags(paste: Paste): string[] {
  return [contentEtag(paste), zstdEtag(paste)]
}

type Headers = FastifyRequest['raw']['headers']

function rangeOf(headers: Headers, paste: Paste, isPrivate: boolean) {
  const condition = headers['if-range']
  if (condition !== undefined && (isPrivate || !rangeStillHolds(`${condition}`, contentEtag(paste), paste.updatedAt)))
    return null
  return parseRange(headers.range, paste.content.sizeBytes)
}

function unsatisfiable(sizeBytes: number, isPrivate: boolean): AppError {
  const readers = isPrivate ? {} : { 'access-control-allow-origin': '*' }
  return new AppError('range_not_satisfiable', {
    detail: `The content has ${sizeBytes} bytes.`,
    headers: { 'content-range': `bytes */${sizeBytes}`, 'accept-ranges': 'bytes', ...readers },
  })
}
