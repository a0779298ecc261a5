import type { Clock } from '../../core/index.ts'

/** `closed` lets every call through, `open` none, `probing` the one call that finds out. */
export type BreakerState = 'closed' | 'open' | 'probing'

/** Stops asking a service that does not answer, so that only one caller per window pays for its absence. */
export type Breaker = {
  /** Whether this call may be made. After `true` the caller reports `succeeded` or `failed`. */
  allows(): boolean
  succeeded(): void
  /** `wasSlow` for a call that waited in vain: one of those opens the breaker, five quick failures in a row do. */
  failed(wasSlow: boolean): void
  state(): BreakerState
}

/** When a breaker opens and for how long. */
export type BreakerOptions = { clock: Clock; failures: number; openMs: number }

/** A closed breaker. */
export function createBreaker({ clock, failures, openMs }: BreakerOptions): Breaker {
  let state: BreakerState = 'closed'
  let failuresInARow = 0
  let openUntil = 0
  return {
    allows() {
      if (state === 'closed') return true
      if (state === 'probing' || clock.now() < openUntil) return false
      state = 'probing'
      return true
    },
    succeeded() {
      state = 'closed'
      failuresInARow = 0
    },
    failed(wasSlow) {
      failuresInARow++
      if (state === 'closed' && !wasSlow && failuresInARow < failures) return
      state = 'open'
      openUntil = clock.now() + openMs
    },
    state: () => state,
  }
}
