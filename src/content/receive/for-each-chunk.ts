import { AppError, isAppError } from '../../core/index.ts'

/**
 * Calls `use` with every chunk of a body, one after the other. Rejects with `body_incomplete` when the source fails
 * (the client hung up) or `signal` aborts, unless the failure is an `AppError` of its own; an abort is noticed even
 * while the source gives nothing. Always closes the source.
 */
export async function forEachChunk(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  use: (chunk: Uint8Array) => Promise<void> | undefined,
): Promise<void> {
  const chunks = source[Symbol.asyncIterator]()
  let onAbort: (reason: unknown) => void = () => {}
  const abort = () => onAbort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  // One listener for the whole body: a race for each chunk would leave a reaction behind on a long-lived promise.
  const next = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      onAbort = reject
      if (signal?.aborted) return reject(signal.reason)
      chunks.next().then(resolve, reject)
    })
  try {
    while (true) {
      const result = await next().catch((cause: unknown) => {
        throw isAppError(cause) ? cause : new AppError('body_incomplete', { cause })
      })
      if (result.done) return
      const used = use(result.value)
      if (used) await used
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    // Not awaited: the close of a source that hangs would hang too.
    chunks.return?.()?.catch(() => {})
  }
}
