import { AppError, every, later, withTimeout } from '../../core/index.ts'

/** How long the watch waits, ms. */
export type WatchTiming = {
  /** A call that takes longer than this starts a probe of the store, and another after each further such time. */
  suspectMs: number
  /** A store that answers no probe within this time is away. */
  probeMs: number
  /** The pause before a store that is away is probed again. */
  againMs: number
}

/** Detects a store that answers nothing, so that calls fail at once instead of waiting. */
export type StoreWatch = {
  /**
   * Runs `work` on the store. Rejects with `storage_unavailable` at once while the store is away, and as soon as a probe
   * finds it away; the work itself continues unobserved.
   */
  run<Value>(work: () => Promise<Value>): Promise<Value>
  isAway(): boolean
  /** Ends the probes. */
  stop(): void
}

/**
 * Watches a store, with `check` as the probe. A long call alone does not show that a store is away, since it may move
 * many bytes: a slow store is slow in large calls, one that is away in all. So a long call only starts a probe, which is
 * small, and the probe decides.
 */
export function createStoreWatch(
  check: () => Promise<void>,
  timing: WatchTiming,
  onChange: (isAway: boolean) => void,
): StoreWatch {
  const waiting = new Set<(error: AppError) => void>()
  let away = false
  let isProbing = false
  let stopped = false
  let again: NodeJS.Timeout | undefined

  const become = (isAway: boolean) => {
    if (isAway === away) return
    away = isAway
    onChange(away)
    if (away) for (const reject of waiting) reject(gone())
  }
  const probe = () => {
    if (isProbing) return
    isProbing = true
    withTimeout(check(), timing.probeMs)
      .then(
        () => become(false),
        () => become(true),
      )
      .finally(() => {
        isProbing = false
        if (away && !stopped) again = later(probe, timing.againMs).unref()
      })
  }
  return {
    run(work) {
      if (away) return Promise.reject(gone())
      return new Promise((resolve, reject) => {
        waiting.add(reject)
        const suspicion = every(probe, timing.suspectMs).unref()
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
