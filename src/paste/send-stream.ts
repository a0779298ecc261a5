import type { ServerResponse } from 'node:http'
import { isAppError, type Logger } from '../core/index.ts'

/**
 * Sends exactly `length` bytes of a source behind a head that is out already, as fast as the client takes them. When
 * the source fails, ends early or gives more, the connection is broken, so that no client takes half a body for a
 * whole one. When the client leaves, the source is told at once.
 */
export function sendStream(
  response: ServerResponse,
  open: (signal: AbortSignal) => AsyncIterable<Buffer>,
  length: number,
  logger: Logger,
): void {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  pump(response, open, length, gone.signal).catch((error) => {
    response.destroy()
    if (gone.signal.aborted) return
    logger[isAppError(error) ? 'warn' : 'error']({ err: error }, 'a body could not be sent to its end')
  })
}

async function pump(
  response: ServerResponse,
  open: (signal: AbortSignal) => AsyncIterable<Buffer>,
  length: number,
  signal: AbortSignal,
): Promise<void> {
  if (response.destroyed) return
  let sent = 0
  for await (const chunk of open(signal)) {
    if (sent + chunk.length > length) throw new Error('the store gave more than the row says')
    sent += chunk.length
    if (!response.write(chunk) && !(await drained(response))) return
  }
  if (sent !== length) throw new Error('the store gave less than the row says')
  response.end()
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
