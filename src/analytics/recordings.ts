import type { Kysely } from 'kysely'
import { type Clock, inBackground, type Logger, later } from '../core/index.ts'
import { createLive, createPerformanceReports, type LiveFigures, type PerformanceReports } from './performance/index.ts'
import {
  createKeeper,
  createRecordingRows,
  forgetOld,
  MINUTE,
  type Recorder,
  type RecordingTables,
  rollUp,
  sketches,
  startOf,
} from './recording/index.ts'

/** What keeping and showing recordings needs. */
export type RecordingsDeps = {
  db: Kysely<RecordingTables>
  /** Absent: this process records nothing, and shows what others did. */
  recorder: Recorder | undefined
  /** The name of this process, which no other has. */
  replica: string
  clock: Clock
  logger: Logger
  /** A uniformly random whole number in [0, bound). */
  randomBelow(bound: number): number
  /** Looks at what there is to sweep and tells the recorder. */
  lookAtBacklog(): Promise<void>
}

/** Recordings, from the recorder to who looks at them. */
export type Recordings = {
  reports: PerformanceReports
  /** Absent where this process records nothing. */
  live: LiveFigures | undefined
  /** Begins to keep; `sockets` counts the open connections. */
  start(sockets: () => Promise<number>): void
  /** Writes the minute under way, if that can be done within 2 s. */
  stop(): Promise<void>
}

const EVERY_MS = 10_000
/** Replicas take turns by chance, so that mostly one of them makes a roll-up and the others find it made. */
const SPREAD_MS = 30_000

/** Recordings over one database. */
export function createRecordings(deps: RecordingsDeps): Recordings {
  const { recorder, clock, logger } = deps
  const rows = createRecordingRows(deps.db)
  const reports = createPerformanceReports({ rows, clock })
  const keeper = recorder && createKeeper({ ...deps, rows, recorder })
  const live = keeper && createLive({ ...deps, keeper, reports })
  let tickTimer: NodeJS.Timeout | undefined
  let rollUpTimer: NodeJS.Timeout | undefined
  let isFirst = true
  let failed = false
  let stopped = false

  async function rollUpAll(): Promise<void> {
    try {
      await rollUp({ rows, sketches }, clock.now(), isFirst)
      await forgetOld(rows, clock.now())
      isFirst = false
      failed = false
    } catch (error) {
      if (!failed && !stopped) logger.warn({ err: error }, 'recordings could not be rolled up; it is tried again')
      failed = true
    }
  }

  const failedTick = (error: unknown) => logger.warn({ err: error }, 'a recording failed; the next one is not affected')

  /** On the round seconds of the clock, so that minutes end when they are over. */
  function schedule(sockets: () => Promise<number>): void {
    const delayMs = EVERY_MS - (clock.now() % EVERY_MS)
    tickTimer = later(
      () => {
        schedule(sockets)
        return tick(sockets)
      },
      delayMs,
      failedTick,
    ).unref()
  }

  async function tick(sockets: () => Promise<number>): Promise<void> {
    recorder?.sample(await sockets())
    const isNewMinute = startOf(clock.now(), MINUTE.periodMs) > clock.now() - EVERY_MS
    // A database that is slow must not hold up the end of the next minute.
    inBackground(() => keeper?.tick(), failedTick)
    if (!isNewMinute) return
    await deps.lookAtBacklog()
    if (stopped) return
    rollUpTimer = later(rollUpAll, deps.randomBelow(SPREAD_MS)).unref()
  }

  return {
    reports,
    live,
    start(sockets) {
      // The figures have no minute to wait for.
      inBackground(deps.lookAtBacklog, failedTick)
      schedule(sockets)
    },
    async stop() {
      stopped = true
      clearTimeout(tickTimer)
      clearTimeout(rollUpTimer)
      live?.stop()
      await keeper?.stop()
      recorder?.stop()
    },
  }
}
