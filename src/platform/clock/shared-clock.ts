import { type Logger, later, type MachineClock } from '../../core/index.ts'
import { afterMeasurement, doubtAt, type SharedState, uncertaintyAt } from './shared-state.ts'
import type { WatchedClock } from './watched.ts'

const EVERY_MS = 10_000
/** While nothing is known. */
const SOON_MS = 1_000
/** A wall clock that is further off is worth a line in the log. */
const WORTH_A_WARNING_MS = 1_000

/**
 * The clock of the database, which all replicas share. `ask` gives the time there (epoch ms); between two answers the
 * monotonic clock counts, so this machine's wall clock decides nothing.
 */
export function createSharedClock(
  ask: () => Promise<number>,
  { clock, logger }: { clock: MachineClock; logger: Logger },
): WatchedClock {
  const { monotonic } = clock
  let state: SharedState = {}
  // In one number, so that `now` costs what the wall clock costs.
  let latestOffsetMs = clock.now() - monotonic()
  let aheadMs: number | undefined
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let isOff = false

  async function measure(): Promise<void> {
    const before = monotonic()
    const theirs = await ask()
    const after = monotonic()
    if (!Number.isFinite(theirs)) return
    const middle = (before + after) / 2
    const had = state
    state = afterMeasurement(had, { offsetMs: theirs - middle, uncertaintyMs: (after - before) / 2 + 1, at: after })
    const { sure, jumpedTo } = state
    if (sure) latestOffsetMs = Math.max(sure.offsetMs, jumpedTo?.offsetMs ?? sure.offsetMs)
    aheadMs = Math.round(theirs - (clock.now() - (after - middle)))
    report(had)
  }

  function report(had: SharedState): void {
    const fields = { offsetMs: aheadMs }
    if (state.jumpedTo && !had.jumpedTo)
      logger.warn(fields, "the database's time jumped: nothing is ended until the next measurement confirms it")
    if (had.jumpedTo && !state.jumpedTo) logger.info(fields, "the database's time is certain again")
    const wasOff = isOff
    isOff = Math.abs(aheadMs ?? 0) > WORTH_A_WARNING_MS
    if (isOff && !wasOff) logger.warn(fields, 'the clock of this machine is wrong; the time of the database counts')
    if (wasOff && !isOff) logger.info(fields, 'the clock of this machine is right again')
  }

  function look(): Promise<void> {
    clearTimeout(timer)
    looking ??= measure()
      .catch(() => {})
      .finally(() => {
        looking = undefined
        timer = later(look, state.sure ? EVERY_MS : SOON_MS).unref()
      })
    return looking
  }

  const doubt = () => doubtAt(state, monotonic())
  return {
    clock: {
      now: () => Math.round(monotonic() + latestOffsetMs),
      monotonic,
      doubt,
      mayEnd: () => doubt() === undefined,
    },
    look,
    figures: () => ({
      state: state.sure === undefined ? 'unknown' : doubt() ? 'jumped' : 'known',
      aheadMs,
      uncertaintyMs: state.sure && Math.ceil(uncertaintyAt(state.sure, monotonic())),
    }),
    part: {
      name: 'clock',
      required: true,
      async check() {
        if (state.sure === undefined) await look()
        if (doubt()) throw new Error('the time of the database is not certain')
      },
      detail: () => ({
        clockOffsetMs: aheadMs,
        clockUncertaintyMs: state.sure && Math.ceil(uncertaintyAt(state.sure, monotonic())),
      }),
    },
    stop: () => clearTimeout(timer),
  }
}
