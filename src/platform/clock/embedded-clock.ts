import { readFileSync, writeFileSync } from 'node:fs'
import { every, type Logger, type MachineClock } from '../../core/index.ts'
import { firstLook, nextLook, type StepState } from './step-guard.ts'
import type { WatchedClock } from './watched.ts'

const EVERY_MS = 60_000

/**
 * This machine's wall clock, for a service whose database has no other. After a step of more than 5 minutes nothing is
 * ended or removed for an hour. `file` holds the time that was seen last, so that a step during a restart counts too;
 * without the file the time is believed.
 */
export function createEmbeddedClock(
  file: string,
  { clock, logger }: { clock: MachineClock; logger: Logger },
): WatchedClock {
  const lookNow = () => ({ wall: clock.now(), monotonic: clock.monotonic() })
  let state: StepState = firstLook(lookNow(), readSeen(file))
  let failed = false
  if (state.doubted) warn(state.doubted.byMs)

  function warn(byMs: number): void {
    const fields = { stepMs: Math.round(byMs), file }
    logger.warn(fields, 'the clock stepped: nothing is ended or removed for an hour, see config/README.md')
  }

  function takeLook(): void {
    const had = state.doubted
    state = nextLook(state, lookNow())
    if (state.doubted && state.doubted.since !== had?.since) warn(state.doubted.byMs)
    if (had && !state.doubted) logger.info({}, 'the time counts as right: what has expired is ended again')
  }

  function remember(): void {
    // A process that starts in the doubt must doubt too.
    if (state.doubted) return
    try {
      writeFileSync(file, `${Math.round(state.last.wall)}\n`)
      failed = false
    } catch (error) {
      if (!failed) logger.warn({ err: error }, 'the time could not be noted; a step during a restart goes unseen')
      failed = true
    }
  }

  const tick = () => {
    takeLook()
    remember()
  }
  remember()
  const timer = every(tick, EVERY_MS).unref()
  // A sweep may come between two ticks, right after the step.
  const mayEnd = () => {
    takeLook()
    return state.doubted === undefined
  }
  return {
    clock: { now: clock.now, monotonic: clock.monotonic, mayEnd },
    look: async () => tick(),
    figures: () => ({ state: state.doubted ? 'stepped' : 'known' }),
    part: {
      name: 'clock',
      required: false,
      async check() {
        if (!mayEnd()) throw new Error('the clock stepped')
      },
      detail: () => ({ clockStepMs: state.doubted && Math.round(state.doubted.byMs) }),
    },
    stop() {
      clearInterval(timer)
      tick()
    },
  }
}

/** The time that the file holds; undefined where there is none. */
function readSeen(file: string): number | undefined {
  try {
    const seen = Number(readFileSync(file, 'utf8').trim() || Number.NaN)
    return Number.isFinite(seen) ? seen : undefined
  } catch {
    return undefined
  }
}
