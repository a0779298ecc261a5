import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { AppError, isAppError, type Logger } from '../../core/index.ts'

/** What goes out before a body: the status, and names and values in turn; `length` bytes follow. */
export type Head = { status: number; fields: string[]; length: number }

/**
 * Sends exactly `length` bytes of a source, as fast as the client takes them. The head waits for the first of them, so
 * a store that is away is still an error that can be thrown. After that, a source that fails, ends early or gives more
 * breaks the connection: no client takes half a body for a whole one. When the client leaves, the source is told at
 * once. Resolves when the head is out; the body goes on by itself. Throws what the source throws at first, and
 * `body_incomplete` when the client left before that: then nobody has read a byte.
 */
export async function sendStream(
  reply: FastifyReply,
  head: Head,
  open: (signal: AbortSignal) => AsyncGenerator<Buffer, void>,
  logger: Logger,
): Promise<FastifyReply> {
  const response = reply.raw
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  if (response.destroyed) gone.abort()
  const source = open(gone.signal)
  const first = await source.next().catch((error) => {
    throw gone.signal.aborted ? clientGone() : error
  })
  if (gone.signal.aborted) {
    await source.return()
    throw clientGone()
  }
  reply.hijack()
  response.writeHead(head.status, [...head.fields, 'X-Request-Id', reply.request.id])
  pump(response, first, source, head.length).catch((error) => {
    response.destroy()
    if (gone.signal.aborted) return
    logger[isAppError(error) ? 'warn' : 'error']({ err: error }, 'a body could not be sent to its end')
  })
  return reply
}

function clientGone(): AppError {
  return new AppError('body_incomplete', { detail: 'The client left before the answer began.' })
}

async function pump(
  response: ServerResponse,
  first: IteratorResult<Buffer, void>,
  source: AsyncGenerator<Buffer, void>,
  length: number,
): Promise<void> {
  let sent = 0
  try {
    for (let next = first; !next.done; next = await source.next()) {
      sent += next.value.length
      if (sent > length) throw new Error('the store gave more than the row says')
      if (!response.write(next.value) && !(await drained(response))) return
      // A client that takes bytes as fast as they come would else be sent megabytes before anybody else is looked at.
      if (sent < length) await nextTurn()
    }
    if (sent !== length) throw new Error('the store gave less than the row says')
    response.end()
  } finally {
    await source.return()
  }
}

/** Resolves to true when the client can take more, to false when it is gone. */
function drained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (goesOn: boolean) => {
      response.off('drain', onDrain).off('close', onClose)
      resolve(goesOn)
    }
    const onDrain = () => settle(true)
    const onClose = () => settle(false)
    if (response.destroyed) resolve(false)
    else response.once('drain', onDrain).once('close', onClose)
  })
}
