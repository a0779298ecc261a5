import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { AppError, later, type ProblemCode } from '../../core/index.ts'
import { NOTHING_RUNS, toProblem } from './problem.ts'

// Node's HTTP parser and timers, by their error codes.
const CODES: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_INVALID_EOF_STATE: 'body_incomplete',
}

type ParserError = Error & { code?: string; rawPacket?: unknown }

/** The methods that some address here has. */
export const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
// What begins so is a request of a method that the parser doesn't know; anything else is no HTTP.
const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]{1,32} \S+ HTTP\/1\.[01]\r?\n/

function startOf(packet: unknown): string {
  return Buffer.isBuffer(packet) ? packet.toString('latin1', 0, 1_024) : ''
}

const GOODBYE_MS = 1_000

/**
 * Answers what never became a request, because its parser gave up, then closes the connection: our half at once, the
 * whole of it after a second, because a client that keeps its half open would keep a socket of ours for ever.
 */
export function answerParserError(error: ParserError, socket: Socket, requestId: () => string): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const isUnknown = error.code === 'HPE_INVALID_METHOD' && REQUEST_LINE.test(startOf(error.rawPacket))
  const code = isUnknown ? 'method_not_allowed' : (CODES[error.code ?? ''] ?? 'bad_request')
  const problem = new AppError(code, { cause: error })
  const allow = isUnknown ? `Allow: ${METHODS}\r\n` : ''
  const document = toProblem(problem, requestId())
  const body = `${JSON.stringify(document)}\n`
  socket.end(
    `HTTP/1.1 ${document.status} ${document.title}\r\nContent-Type: application/problem+json\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Security-Policy: ${NOTHING_RUNS}\r\n` +
      `${allow}Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  )
  const goodbye = later(() => socket.destroy(), GOODBYE_MS)
  socket.once('close', () => clearTimeout(goodbye))
}

/** Answers an Expect header other than 100-continue (RFC 9110 section 10.1.1). */
export function answerExpectation(response: ServerResponse, requestId: string): void {
  const body = `${JSON.stringify(toProblem(new AppError('expectation_failed'), requestId))}\n`
  response.writeHead(417, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': NOTHING_RUNS,
    connection: 'close',
  })
  response.end(body)
}
