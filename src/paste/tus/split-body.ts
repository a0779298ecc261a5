/** A body that comes in, to be stored in pieces of a few MiB, and that may break off at any byte. */
export type CutBody = {
  /** Waits until there is at least one more byte; false when there will be none, because it ended or failed. */
  more(): Promise<boolean>
  /** The next bytes, at most so many; ends early, without an error, where the body does. */
  take(mostBytes: number): AsyncGenerator<Buffer, void, void>
  /** Why the body broke off; undefined while it hasn't, and when it came to its end. */
  failure(): unknown
  /** Tells the source to end, if it was not read to its end. */
  close(): void
}

/**
 * Cuts a body. What came before it failed, or before `stop` aborted, is still given: whoever stores it need not have
 * it sent again. A piece is lent until the next one is asked for.
 */
export function cutBody(source: AsyncIterable<Buffer>, stop: AbortSignal): CutBody {
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
      // Not awaited: a source that hangs would hang its end too.
      if (!ended || failure !== undefined) chunks.return?.()?.catch(() => {})
    },
  }
}
