import type { IncomingMessage, ServerResponse } from 'node:http'
import { later } from '../../core/index.ts'

/** The largest body that a load balancer lets through, and more. */
const DRAIN_BYTES = 64 * 1024 * 1024
const DRAIN_MS = 2_000

/** Whether a request has a body that was not read to its end. */
export function unreadBody(request: IncomingMessage): boolean {
  if (request.readableEnded) return false
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0)
}

/**
 * Writes a whole answer, then throws up to 64 MiB of the request's body away, for at most 2 s, before the connection is
 * closed: a client that is still sending would otherwise see a reset instead of the answer, and so would a load balancer,
 * which may have sent many MiB before it gets to reading.
 */
export function writeAndDrain(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  response.write(body)
  let seen = 0
  let over = false
  const finish = () => {
    if (over) return
    over = true
    clearTimeout(timer)
    request.off('data', count)
    response.end(() => request.destroy())
  }
  const count = (chunk: Buffer) => {
    seen += chunk.length
    if (seen > DRAIN_BYTES) finish()
  }
  const timer = later(finish, DRAIN_MS)
  timer.unref()
  request.unpipe()
  request.on('data', count).once('end', finish).once('close', finish).on('error', finish)
  request.resume()
}
