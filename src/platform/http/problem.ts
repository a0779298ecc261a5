import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, DuplicateKey, type Logger, OutcomeUnknown, PROBLEMS, type ProblemCode } from '../../core/index.ts'
import { unreadBody, writeAndDrain } from './unread-body.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of the route have their detail as `error` too, for clients that know no RFC 9457. */
    errorMember?: boolean
  }
  interface FastifyRequest {
    /** Set by a route that speaks another service's format: how its clients read errors. */
    problemShape?: (problem: Problem) => { status?: number; mediaType: string; body: string }
  }
}

/** The Content-Security-Policy of answers that are no page: should one be shown, nothing in it runs or loads. */
export const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"

/** A problem document (RFC 9457) as every 4xx and 5xx answer carries it. */
export type Problem = {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail: string
  requestId: string
}

// Fastify's own refusals, by its error codes.
const FASTIFY_CODES: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_BAD_URL: 'invalid_url',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_ASYNC_CONSTRAINT: 'bad_request',
}

/** Any thrown value as an error that clients may see; what is unknown is a bug of ours, 500. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof OutcomeUnknown) return new AppError('commit_unknown', { cause: error })
  if (error instanceof DuplicateKey) return new AppError('overloaded', { cause: error })
  const { code } = (error ?? {}) as { code?: unknown }
  const known = typeof code === 'string' ? FASTIFY_CODES[code] : undefined
  return new AppError(known ?? 'internal_error', { cause: error })
}

/** The document for an error. A 5xx has no detail beyond its code. */
export function toProblem(error: AppError, requestId: string): Problem & Record<string, unknown> {
  const [status, title] = PROBLEMS[error.code]
  return { type: 'about:blank', title, status, code: error.code, detail: error.message, requestId, ...error.members }
}

/** Renders a problem as a page for people. */
export type ProblemPage = (problem: Problem) => { body: string; headers: Record<string, string> }

/** What answering with a problem needs. */
export type ProblemDeps = {
  logger: Logger
  /** Whether this request came from a person's browser; then `page` renders the answer. */
  wantsPage(request: FastifyRequest): boolean
  page: ProblemPage
}

/**
 * Answers with a problem document, or a page. If the request's body is not read to its end, the connection is closed
 * after the answer, but not before the client had a chance to read it.
 */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, deps: ProblemDeps): void {
  const problem = toAppError(error)
  log(problem, request, deps.logger)
  if (reply.raw.headersSent) {
    // A head is out, so the only honest signal left is a broken connection.
    reply.raw.destroy()
    return
  }
  const known = toProblem(problem, request.id)
  const document = request.routeOptions.config?.errorMember ? { ...known, error: known.detail } : known
  const shape = request.problemShape?.(document)
  const page = !shape && deps.wantsPage(request) ? deps.page(document) : undefined
  const headers: Record<string, string> = {
    ...problem.headers,
    'content-type': shape?.mediaType ?? 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': NOTHING_RUNS,
    'x-request-id': request.id,
    vary: 'Accept',
    ...page?.headers,
  }
  const body = Buffer.from(shape?.body ?? page?.body ?? `${JSON.stringify(document)}\n`)
  headers['content-length'] = `${body.length}`
  const unread = unreadBody(request.raw)
  if (unread) headers.connection = 'close'
  if (!reply.sent) reply.hijack()
  const { raw } = reply
  raw.writeHead(shape?.status ?? document.status, { ...crossOrigin(reply), ...headers })
  const sent = request.raw.method === 'HEAD' ? Buffer.alloc(0) : body
  if (unread) writeAndDrain(request.raw, raw, sent)
  else raw.end(sent)
}

// Of what was set before the failure, only what lets a page of another site read the answer still holds.
function crossOrigin(reply: FastifyReply): Record<string, string> {
  const set = Object.entries(reply.getHeaders()).filter(([name]) => name.startsWith('access-control-'))
  return Object.fromEntries(set.map(([name, value]) => [name, `${value}`]))
}

function log(error: AppError, request: FastifyRequest, logger: Logger): void {
  const fields = { code: error.code, route: request.routeOptions.url, method: request.method, requestId: request.id }
  if (error.status === 500) logger.error({ ...fields, err: error.cause ?? error }, 'a request failed because of a bug')
  else if (error.status > 500) logger.warn({ ...fields, err: error.cause }, error.code)
  else logger.debug(fields, error.code)
}
