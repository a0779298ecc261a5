import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { AppError, isAppError, type Logger } from '../../core/index.ts'

/** Status and headers (names and values in turn) of a response with a body of `length` bytes, or of unknown length. */
export type StreamResponse = {
  status: number
  fields: string[]
  length?: number
  /**
   * Whether a client that half-closes its connection has left. It can't be told from one that waits for the answer, so
   * that a reading which can't be repeated is not spent on it.
   */
  halfClosedIsGone?: boolean
}

/**
 * Sends exactly `length` bytes of a source (all where it is not known), as fast as the client reads. Waits for the first chunk before it sends the
 * headers, so that an unreachable store is still an error response. After that, a source that fails, or yields too few or
 * too many bytes, breaks the connection: no client takes half a body for a whole one. Aborts the source when the client
 * disconnects. Resolves when the headers are sent; the body follows in the background. Throws the source's first error,
 * and `body_incomplete` when the client disconnects before the headers.
 */
export async function sendStream(
  reply: FastifyReply,
  start: StreamResponse,
  open: (signal: AbortSignal) => AsyncGenerator<Buffer, void>,
  logger: Logger,
): Promise<FastifyReply> {
  const response = reply.raw
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  if (response.destroyed) gone.abort()
  if (start.halfClosedIsGone) abortOnHalfClose(reply, gone)
  const source = open(gone.signal)
  const first = await source.next().catch((error) => {
    throw gone.signal.aborted ? clientGone() : error
  })
  if (gone.signal.aborted) {
    await source.return()
    throw clientGone()
  }
  reply.hijack()
  response.writeHead(start.status, [...start.fields, 'X-Request-Id', reply.request.id])
  pump(response, first, source, start.length).catch((error) => {
    response.destroy()
    if (gone.signal.aborted) return
    logger[isAppError(error) ? 'warn' : 'error']({ err: error }, 'a response body could not be sent completely')
  })
  return reply
}

function abortOnHalfClose({ raw: response, request }: FastifyReply, gone: AbortController): void {
  const { socket } = request.raw
  const leave = () => gone.abort()
  socket.once('end', leave)
  response.once('close', () => socket.off('end', leave))
  if (socket.readableEnded) leave()
}

function clientGone(): AppError {
  return new AppError('body_incomplete', { detail: 'The client left before the answer began.' })
}

async function pump(
  response: ServerResponse,
  first: IteratorResult<Buffer, void>,
  source: AsyncGenerator<Buffer, void>,
  length: number | undefined,
): Promise<void> {
  let sent = 0
  try {
    for (let next = first; !next.done; next = await source.next()) {
      sent += next.value.length
      if (length !== undefined && sent > length) throw new Error('the store returned more bytes than the row has')
      if (!response.write(next.value) && !(await drained(response))) return
      // Yields to other requests: a fast client would otherwise get megabytes first.
      if (sent !== length) await nextTurn()
    }
    if (length !== undefined && sent !== length) throw new Error('the store returned fewer bytes than the row has')
    response.end()
  } finally {
    await source.return()
  }
}

/** Resolves to true when the client can take more, to false when it has disconnected. */
function drained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isOpen: boolean) => {
      response.off('drain', onDrain).off('close', onClose)
      resolve(isOpen)
    }
    const onDrain = () => settle(true)
    const onClose = () => settle(false)
    if (response.destroyed) resolve(false)
    else response.once('drain', onDrain).once('close', onClose)
  })
}
