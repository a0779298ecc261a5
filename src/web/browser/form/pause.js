/**
 * Waits so long, or until the connection is back. Rejects with an AbortError when `signal` aborts.
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const timer = ms === Infinity ? undefined : setTimeout(() => done(resolve), ms)
    /** @param {() => void} end */
    const done = (end) => {
      clearTimeout(timer)
      over.abort()
      end()
    }
    addEventListener('online', () => done(resolve), { signal: over.signal })
    const cancel = () => done(() => reject(new DOMException('cancelled', 'AbortError')))
    if (signal.aborted) cancel()
    else signal.addEventListener('abort', cancel, { signal: over.signal })
  })
}
