import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Browsers send one request at a time; programs that pipeline (RFC 9112 section 9.3.2) send a few. */
const MOST_WAITING = 32

/**
 * Bounds the requests of one connection whose answers wait for that of an earlier one. Each costs some KiB for as long as
 * the client doesn't read: one connection held 7 MB for minutes. A connection with more is closed, for which who pipelines
 * is prepared; what Node had read of it, 64 KiB at most, is parsed and freed. The function says whether a request is of
 * such a connection, and must not be handled.
 */
export function createPipelineGuard(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const waiting = new WeakMap<Socket, number>()
  return ({ socket }, response) => {
    // The response has the connection at once unless another one still has it.
    if (response.socket !== null) return false
    const count = (waiting.get(socket) ?? 0) + 1
    waiting.set(socket, count)
    if (count > MOST_WAITING) socket.destroy()
    if (socket.destroyed) return true
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1))
    return false
  }
}
