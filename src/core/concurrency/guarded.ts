/** Receives what a handler threw or rejected with. */
export type Failed = (error: unknown) => void

/**
 * A handler for a timer or an event that can't end the process: what `work` throws or rejects with goes to `failed`.
 * Nobody awaits such a handler, so its error would be "uncaught", as EMFILE in a tick once was. The default is a warning
 * of the process, one line on standard error.
 */
export function guarded<Args extends unknown[]>(
  work: (...args: Args) => unknown,
  failed: Failed = warn,
): (...args: Args) => void {
  return (...args) => {
    try {
      const result = work(...args)
      if (result instanceof Promise) result.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
}

/** `setTimeout` with a guarded handler. */
export function later(work: () => unknown, ms: number, failed?: Failed): NodeJS.Timeout {
  return setTimeout(guarded(work, failed), ms)
}

/** `setInterval` with a guarded handler. */
export function every(work: () => unknown, ms: number, failed?: Failed): NodeJS.Timeout {
  return setInterval(guarded(work, failed), ms)
}

/** Begins work that nobody waits for. */
export function inBackground(work: () => unknown, failed?: Failed): void {
  guarded(work, failed)()
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
