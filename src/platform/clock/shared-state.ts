import type { ClockDoubt } from '../../core/index.ts'

/** One look at the database's clock: how far it is ahead of the monotonic clock, how exact that is, and when it was. */
export type Measurement = { offsetMs: number; uncertaintyMs: number; at: number }

/** What is known of the database's clock: the offset in use, and another one that waits to be confirmed. */
export type SharedState = { sure?: Measurement; jumpedTo?: Measurement }

/** Two measurements further apart than this are of different clocks, or of one that was set. */
const MOST_APART_MS = 1_000
/** A measurement that is less exact says nothing. */
const MOST_UNCERTAIN_MS = 500
/** How much two clocks of good machines part, as a share of the time that passes. */
const DRIFT = 0.0002

/** How exact a measurement still is at `at` (monotonic ms). */
export function uncertaintyAt(measured: Measurement, at: number): number {
  return measured.uncertaintyMs + Math.max(0, at - measured.at) * DRIFT
}

/**
 * The state after a measurement. The first is believed; one that differs by more than a second is believed when the
 * next confirms it. One that took longer than a second changes nothing.
 */
export function afterMeasurement(state: SharedState, measured: Measurement): SharedState {
  if (!(measured.uncertaintyMs <= MOST_UNCERTAIN_MS)) return state
  const { sure, jumpedTo } = state
  if (sure === undefined) return { sure: measured }
  if (agree(sure, measured)) {
    const isBetter = measured.uncertaintyMs <= uncertaintyAt(sure, measured.at)
    return { sure: isBetter ? measured : sure }
  }
  return jumpedTo && agree(jumpedTo, measured) ? { sure: measured } : { sure, jumpedTo: measured }
}

/** What the time may be at `at` (monotonic ms), or undefined while one offset is certain to within a second. */
export function doubtAt({ sure, jumpedTo }: SharedState, at: number): ClockDoubt | undefined {
  if (sure === undefined) return { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY }
  const spreadMs = uncertaintyAt(sure, at)
  if (jumpedTo === undefined && spreadMs <= MOST_APART_MS) return undefined
  const other = jumpedTo ?? sure
  return {
    earliest: Math.floor(at + Math.min(sure.offsetMs, other.offsetMs) - spreadMs),
    latest: Math.ceil(at + Math.max(sure.offsetMs, other.offsetMs) + spreadMs),
  }
}

function agree(a: Measurement, b: Measurement): boolean {
  return Math.abs(a.offsetMs - b.offsetMs) <= MOST_APART_MS
}
