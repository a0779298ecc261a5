import type { Kysely } from 'kysely'
import { type Clock, every, type Logger, type PasteEvents, type RandomSource, settledWithin } from '../core/index.ts'
import {
  createCollector,
  createEventBuffer,
  createEventMaker,
  createFold,
  type EventBufferState,
  type EventSink,
} from './events/index.ts'
import {
  type CensusDeps,
  createCensus,
  type PasteStats,
  readPasteStats,
  readSystemStats,
  type SystemStats,
} from './stats/index.ts'
import {
  createSalts,
  createViewKeeper,
  createViewRows,
  createVisitors,
  type FoldableViews,
  foldableViews,
  loadIsBot,
  type ViewTables,
} from './views/index.ts'

/** What counts views and hands events on. */
export type PasteAnalytics = {
  /** What the other rooms tell. */
  events: PasteEvents
  readPaste(paste: { slug: string; createdAt: number }): Promise<PasteStats>
  readSystem(): Promise<SystemStats>
  sweepable: FoldableViews
  /** Counts and writes every event so far, and begins to send it. Never throws. */
  flush(): Promise<void>
  /** What is left is written and sent, for 2 s each at most; then the sink is closed. Never throws. */
  stop(): Promise<void>
  state(): { lost: number; waiting: number; buffer: EventBufferState | undefined }
}

/** What it needs. */
export type PasteAnalyticsDeps = {
  db: Kysely<ViewTables>
  clock: Clock
  logger: Logger
  random: RandomSource
  /** The name of this replica, in events. */
  replica: string
  /** Where events go; absent: nowhere. */
  sink: EventSink | undefined
  /** The header in which trusted proxies send the client's country, lower case. */
  countryHeader: string | undefined
  /** The service's own host. */
  ownHost(): string
  countPastes: CensusDeps['count']
  /** Statements that write counters under way at once. */
  writesAtOnce: number
}

const FLUSH_MS = 10_000
/** Over which the writing of what came in such a time is spread. */
const SPREAD_MS = 8_000
const PUMP_MS = 250
const STOP_MS = 2_000

/** Nothing is loaded, no timer runs and no statement is made until something happens. */
export function createPasteAnalytics(deps: PasteAnalyticsDeps): PasteAnalytics {
  const { db, clock, logger, random } = deps
  const rows = createViewRows(db)
  const salts = createSalts(db, deps)
  const census = createCensus({ db, clock, logger, count: deps.countPastes })
  const processName = random.bytes(9).toString('base64url')
  const keeper = createViewKeeper({ rows, clock, logger, replica: processName, atOnce: deps.writesAtOnce })
  const randomShare = () => random.bytes(4).readUInt32LE() / 2 ** 32
  const buffer = deps.sink && createEventBuffer({ sink: deps.sink, clock, logger, random: randomShare })
  let fold: ReturnType<typeof createFold> | undefined
  let preparing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let pumping: NodeJS.Timeout | undefined

  /** Loads what knows bots, and the salts that other replicas may have made; without a database it works alone. */
  async function prepare(): Promise<void> {
    const [isBot] = await Promise.all([loadIsBot(), refreshSalts()])
    const visitors = createVisitors(salts, isBot)
    const make = createEventMaker({ ...deps, salts })
    fold = createFold({ keeper, visitors, ownHost: deps.ownHost, make, push: buffer?.push })
    const failed = (error: unknown) => logger.warn({ err: error }, 'views could not be written; they are tried again')
    timer = every(() => flush(SPREAD_MS), FLUSH_MS, failed).unref()
    if (buffer) pumping = every(buffer.pump, PUMP_MS).unref()
    collector.drain()
  }

  async function refreshSalts(): Promise<void> {
    await salts.refresh().catch((error) => logger.warn({ err: error }, 'the salts of this day could not be shared'))
  }

  async function flush(overMs = 0): Promise<void> {
    if (preparing) await preparing
    buffer?.pump()
    if (fold) await refreshSalts()
    await keeper.flush(overMs)
  }

  const collector = createCollector({
    clock,
    countryHeader: deps.countryHeader,
    forget: keeper.forget,
    take(happening) {
      if (fold === undefined) {
        preparing ??= prepare()
        return false
      }
      fold(happening)
      return true
    },
  })

  return {
    events: collector,
    readPaste: (paste) => readPasteStats(rows, paste, clock.now()),
    readSystem: () => readSystemStats(rows, census, clock.now()),
    sweepable: foldableViews(rows),
    flush,
    async stop() {
      clearInterval(timer)
      clearInterval(pumping)
      // One that is under way has not what came since it began.
      await settledWithin(
        flush().then(() => flush()),
        STOP_MS,
      )
      await buffer?.close(STOP_MS)
    },
    state() {
      const { waiting, lost } = keeper.state()
      return { waiting, lost: lost + collector.lost(), buffer: buffer?.state() }
    },
  }
}
