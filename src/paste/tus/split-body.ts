/** An incoming body that can be stored in pieces of a few MiB and may break off at any byte. */
export type SplittableBody = {
  /** Waits for at least one more byte; false when the body ended or failed. */
  more(): Promise<boolean>
  /** At most the next `mostBytes` bytes; ends early, without an error, when the body ends or fails. */
  take(mostBytes: number): AsyncGenerator<Buffer, void, void>
  /** The error that the body broke off with, if any. */
  failure(): unknown
  /** Closes the source if unread bytes remain. */
  close(): void
}

/**
 * Splits a body. Bytes received before a failure, or before `stop` aborts, are still returned, so that they need not be
 * sent again. A piece's memory is reused once the next one is requested.
 */
export function splitBody(source: AsyncIterable<Buffer>, stop: AbortSignal): SplittableBody {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  let ended = false
  let failure: unknown
  let onStop: () => void = () => {}
  stop.addEventListener('abort', () => onStop(), { once: true })
  const next = () =>
    new Promise<IteratorResult<Buffer>>((resolve, reject) => {
      onStop = () => reject(stop.reason)
      if (stop.aborted) onStop()
      else chunks.next().then(resolve, reject)
    })
  async function more(): Promise<boolean> {
    while (held.length === 0 && !ended) {
      try {
        const chunk = await next()
        if (chunk.done) ended = true
        else held = chunk.value
      } catch (error) {
        ended = true
        failure = error
      }
    }
    return held.length > 0
  }
  return {
    more,
    async *take(mostBytes) {
      for (let left = mostBytes; left > 0 && (await more()); ) {
        const piece = held.subarray(0, left)
        held = held.subarray(piece.length)
        left -= piece.length
        yield piece
      }
    },
    failure: () => failure,
    close() {
      // Not awaited: closing a source that hangs would hang too.
      if (!ended || failure !== undefined) chunks.return?.()?.catch(() => {})
    },
  }
}
