import { AppError, withTimeout } from '../../core/index.ts'

/** How long the watch waits, ms. */
export type WatchTiming = {
  /** A call that takes longer than this has the store asked whether it is there; again and again, while it lasts. */
  suspectMs: number
  /** A store that says nothing to that question for this long is away. */
  probeMs: number
  /** The pause before a store that is away is asked again. */
  againMs: number
}

/** Knows whether a store answers at all, so that nobody waits for one that doesn't. */
export type StoreWatch = {
  /**
   * Does `work` with the store. Rejects with `storage_unavailable` at once while the store is away, and as soon as it
   * turns out to be; what `work` does then is nobody's concern any more.
   */
  run<Value>(work: () => Promise<Value>): Promise<Value>
  isAway(): boolean
  /** Asks no more. */
  stop(): void
}

/**
 * A watch over a store that `check` asks. How long a call may take depends on how much it moves, and says nothing
 * about whether the store is there: a slow store is slow in its answers to large calls, one that is away in all. So a
 * call that takes long only raises the question, and a small one, beside it, gives the answer.
 */
export function createStoreWatch(
  check: () => Promise<void>,
  timing: WatchTiming,
  onChange: (isAway: boolean) => void,
): StoreWatch {
  const waiting = new Set<(error: AppError) => void>()
  let away = false
  let asking = false
  let stopped = false
  let again: NodeJS.Timeout | undefined

  const become = (isAway: boolean) => {
    if (isAway === away) return
    away = isAway
    onChange(away)
    if (away) for (const reject of waiting) reject(gone())
  }
  const ask = () => {
    if (asking) return
    asking = true
    void withTimeout(check(), timing.probeMs)
      .then(
        () => become(false),
        () => become(true),
      )
      .finally(() => {
        asking = false
        if (away && !stopped) again = setTimeout(ask, timing.againMs).unref()
      })
  }
  return {
    run(work) {
      if (away) return Promise.reject(gone())
      return new Promise((resolve, reject) => {
        waiting.add(reject)
        const suspicion = setInterval(ask, timing.suspectMs).unref()
        const over = () => {
          clearInterval(suspicion)
          waiting.delete(reject)
        }
        work().then(resolve, reject).finally(over)
      })
    },
    isAway: () => away,
    stop() {
      stopped = true
      clearTimeout(again)
    },
  }
}

function gone(): AppError {
  return new AppError('storage_unavailable', { detail: 'The store does not answer.' })
}
