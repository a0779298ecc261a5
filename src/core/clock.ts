/** The time, passed in so that tests decide what it is. */
export type Clock = {
  /** Milliseconds since the Unix epoch; in doubt the latest that it may be. */
  now(): number
  /** Milliseconds that only grow, for ages and windows. Absent: `now`. */
  monotonic?(): number
  /** What the time may be while two clocks disagree or none has answered; undefined while it is certain. */
  doubt?(): ClockDoubt | undefined
  /** Whether expired things may be ended and removed for good. Absent: always. */
  mayEnd?(): boolean
}

/** Earliest and latest time, epoch ms; infinite while nothing is known. */
export type ClockDoubt = { earliest: number; latest: number }

/** The clocks of a machine. */
export type MachineClock = Clock & Required<Pick<Clock, 'monotonic'>>

/** The machine's own clocks. */
export const systemClock: MachineClock = { now: () => Date.now(), monotonic: () => performance.now() }

/** A clock for ages and windows, which no step of the wall clock moves. */
export function monotonicOf(clock: Clock): () => number {
  return clock.monotonic ?? clock.now
}

/** Whether the clock counts by itself, apart from the wall clock: a test's does not, and stands for every clock. */
export function isMachineClock(clock: Clock): clock is MachineClock {
  return clock.monotonic !== undefined
}
