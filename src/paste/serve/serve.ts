import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Content } from '../../content/index.ts'
import { AppError, type Clock, type Logger, type PasteEvents, type Via } from '../../core/index.ts'
import { acceptsZstd, matchHolds, parseRange, rangeStillHolds, unmodifiedHolds } from '../../http/index.ts'
import { contentEtag, currentEtags, type Paste, zstdEtag } from '../model/index.ts'
import { contentHeaders, type Representation } from './content-headers.ts'
import { selectionOf } from './line-query.ts'
import { createServeSelection } from './lines-response.ts'
import { sendNotModified } from './not-modified.ts'
import type { Delivery } from './selection-headers.ts'
import { sendStream } from './send-stream.ts'
import { isBeginning, recordView } from './view-events.ts'

/** How a route delivers content, and the route's name in events. */
export type Serving = Delivery & { readonly via: Via }

/** Responds with a paste's content. */
export type ServeContent = (
  request: FastifyRequest,
  reply: FastifyReply,
  paste: Paste,
  how: Serving,
) => FastifyReply | Promise<FastifyReply>

/**
 * The one function that serves content. Checks conditional requests before it opens anything (RFC 9110 section 13),
 * serves one byte range of the identity representation (section 14), stored zstd to clients that accept it, HEAD from
 * metadata, or the lines that the query selects. Records views, see `view-events.ts`. Throws `range_not_satisfiable`, and
 * the store's errors before the first byte; a later failure breaks the connection. Cached content is sent without a
 * promise.
 */
export function createServeContent(deps: {
  content: Content
  logger: Logger
  clock: Clock
  events: PasteEvents
}): ServeContent {
  // Headers by snapshot and representation: building them costs more than sending a small body.
  const headerLists = new WeakMap<Paste, Map<string, string[]>>()
  const serveSelection = createServeSelection(deps)
  const { events } = deps

  function headersOf(paste: Paste, how: Representation): string[] {
    const known = headerLists.get(paste) ?? new Map<string, string[]>()
    const name = `${how.as}${how.encoding}${how.negotiated}`
    const headers = known.get(name) ?? contentHeaders(paste, how)
    known.set(name, headers)
    headerLists.set(paste, known)
    return headers
  }

  return function serveContent(request, reply, paste, how) {
    const { headers, method } = request.raw
    const { content } = paste
    const response = reply.raw
    if (paste.maxViews !== null) throw needsClaim(paste)
    const selection = selectionOf(request)
    if (selection) {
      const recorded = () => {
        if (method === 'GET' && response.statusCode === 200 && isBeginning(selection))
          recordView(events, how.via, paste, request)
        return reply
      }
      const served = serveSelection(request, reply, paste, selection, how)
      return served instanceof Promise ? served.then(recorded) : recorded()
    }
    if (headers['if-match'] !== undefined || headers['if-unmodified-since'] !== undefined) refuseChanged(headers, paste)
    const isGet = method === 'GET'
    const wantsRange = isGet && headers.range !== undefined
    const encoding =
      content.encoding === 'zstd' && !wantsRange && acceptsZstd(headers['accept-encoding']) ? 'zstd' : 'identity'
    const fields = headersOf(paste, { as: how.as, encoding, negotiated: how.negotiated })
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

/** The error for a GET of a limited paste: previews, prefetches and retries must not use up a reading. */
export function needsClaim({ slug, maxViews }: Paste): AppError {
  return new AppError('burn_requires_post', {
    detail: `It can be read ${maxViews === 1 ? 'once' : `${maxViews} times`}: POST /api/v1/pastes/${slug}/claim reads it.`,
    headers: { allow: 'POST' },
    members: { slug },
  })
}

/** Throws `precondition_failed` where the client asks for a state that is no more (RFC 9110 section 13.2.2). */
function refuseChanged(headers: Headers, paste: Paste): void {
  const ifMatch = headers['if-match']
  const holds =
    ifMatch === undefined
      ? unmodifiedHolds(headers['if-unmodified-since'], paste.updatedAt)
      : matchHolds(ifMatch, currentEtags(paste))
  if (!holds) throw new AppError('precondition_failed', { detail: 'Read it again without the condition.' })
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
