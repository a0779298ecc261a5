import type { Clock } from '../../core/index.ts'
import type { Part } from '../health/index.ts'

/** The states of the time: `known`; `unknown` before the first measurement; `jumped` or `stepped` until confirmed. */
export const CLOCK_STATES = ['known', 'unknown', 'jumped', 'stepped'] as const

/** A clock, and how far it can be trusted. */
export type WatchedClock = {
  clock: Clock
  part: Part
  /** For metrics: how far the trusted clock is ahead of the wall clock, and how exact that is. */
  figures(): {
    state: (typeof CLOCK_STATES)[number]
    aheadMs?: number | undefined
    uncertaintyMs?: number | undefined
  }
  /** Looks at the other clock now; never rejects. */
  look(): Promise<void>
  /** Ends the looking. A look under way may begin one more, which does nothing to the process's end. */
  stop(): void
}
