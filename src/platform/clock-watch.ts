import type { Clock, Logger } from '../core/index.ts'
import type { Part } from './health.ts'

/** Compares this process's clock with the one that all replicas share. */
export type ClockWatch = {
  /** Not usable while the clocks differ: pastes would end too early or too late. A clock that can't be asked is no matter. */
  part: Part
  /** How far the other clock was ahead when it was last asked, ms; undefined before. */
  offsetMs(): number | undefined
}

/** The skew up to which an expired paste is gone in time on every replica. */
const MOST_OFFSET_MS = 1_000

/** A watch over `ask`, which gives the time at the database, epoch ms. */
export function createClockWatch(ask: () => Promise<number>, deps: { clock: Clock; logger: Logger }): ClockWatch {
  const { clock, logger } = deps
  let offsetMs: number | undefined
  let isOff = false

  async function measure(): Promise<void> {
    const before = clock.now()
    const theirs = await ask()
    const after = clock.now()
    offsetMs = Math.round(theirs - (before + after) / 2)
    // Where between the question and its answer they looked at their clock isn't known.
    const surelyMs = Math.abs(offsetMs) - (after - before) / 2
    const wasOff = isOff
    isOff = surelyMs > MOST_OFFSET_MS
    if (isOff && !wasOff) logger.warn({ offsetMs }, 'the clock of this machine and that of the database differ')
    else if (wasOff && !isOff) logger.info({ offsetMs }, 'the clocks agree again')
  }
  return {
    part: {
      name: 'clock',
      required: true,
      async check() {
        await measure().catch(() => {})
        if (isOff) throw new Error('the clocks differ')
      },
      detail: () => ({ clockOffsetMs: offsetMs }),
    },
    offsetMs: () => offsetMs,
  }
}
