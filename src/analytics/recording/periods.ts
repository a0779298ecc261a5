/** A length of time of which one recording is kept, and for how long it is. */
export type Period = {
  periodMs: number
  keptMs: number
  /** The period that recordings of this one are made of, and how far back they are looked at again; absent: recorded. */
  from?: { periodMs: number; keptMs: number; againMs: number }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Recorded by each replica. */
export const MINUTE: Period = { periodMs: MINUTE_MS, keptMs: 2 * DAY_MS }

/**
 * How late a minute may be written and still be added to what was made of it: the database may have been away that
 * long.
 */
export const LATEST_MS = 2 * HOUR_MS

/** Made of what is shorter, and of all replicas. */
export const TEN_MINUTES: Period = {
  periodMs: 10 * MINUTE_MS,
  keptMs: 8 * DAY_MS,
  from: { ...MINUTE, againMs: LATEST_MS + HOUR_MS },
}
export const HOUR: Period = {
  periodMs: HOUR_MS,
  keptMs: 35 * DAY_MS,
  from: { ...TEN_MINUTES, againMs: LATEST_MS + 2 * HOUR_MS },
}
export const DAY: Period = { periodMs: DAY_MS, keptMs: 400 * DAY_MS, from: { ...HOUR, againMs: 2 * DAY_MS } }

/** All of them, shortest first: each is made of those before it. */
export const PERIODS: readonly Period[] = [MINUTE, TEN_MINUTES, HOUR, DAY]

/** The start of the period that holds a time, epoch ms. */
export function startOf(at: number, periodMs: number): number {
  return at - (at % periodMs)
}
