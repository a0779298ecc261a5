import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { AppError, type ProblemCode } from '../../core/index.ts'
import { toProblem } from './problem.ts'

// Node's HTTP parser and timers, by their error codes.
const CODES: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_INVALID_EOF_STATE: 'body_incomplete',
}

const GOODBYE_MS = 1_000

/**
 * Answers what never became a request, because its parser gave up, then closes the connection: our half at once, the
 * whole of it after a second, because a client that keeps its half open would keep a socket of ours for ever.
 */
export function answerParserError(error: Error & { code?: string }, socket: Socket, requestId: () => string): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const problem = new AppError(CODES[error.code ?? ''] ?? 'bad_request', { cause: error })
  const document = toProblem(problem, requestId())
  const body = JSON.stringify(document)
  socket.end(
    `HTTP/1.1 ${document.status} ${document.title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  )
  const goodbye = setTimeout(() => socket.destroy(), GOODBYE_MS)
  socket.once('close', () => clearTimeout(goodbye))
}

/** Answers an Expect header other than 100-continue (RFC 9110 section 10.1.1). */
export function answerExpectation(response: ServerResponse, requestId: string): void {
  const body = JSON.stringify(toProblem(new AppError('expectation_failed'), requestId))
  response.writeHead(417, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(body)
}
