import { availableParallelism, hostname, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import {
  createRecorder,
  createRecordings,
  performanceRoutes,
  type Recorder,
  type Recordings,
} from '../analytics/index.ts'
import {
  type CacheCount,
  type Clock,
  type DurationObserver,
  type Logger,
  type RandomSource,
  randomBelow,
} from '../core/index.ts'
import type { Sweepable, SweepResult } from '../expiry/index.ts'
import {
  clientKey,
  dependencyMetrics,
  type Metrics,
  observeWith,
  REQUEST_LIMITS,
  type Tracing,
  timeRequests,
} from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { DependencyObserver } from './backends.ts'
import { operatorsOnly } from './operators.ts'
import { withPrometheus } from './recorder-metrics.ts'
import type { Tables } from './tables.ts'

/** What recording needs of the rest of the house. */
export type RecordingDeps = {
  config: Config
  metrics: Metrics
  tracing: Tracing | undefined
  clock: Clock
  logger: Logger
  random: RandomSource
  version: string
}

/** How the rooms and parts tell how they do, and who keeps it. */
export type Recording = DependencyObserver & {
  /** This process's name in recordings and events: host and four random digits, at most 64 characters. */
  readonly replica: string
  /** What the content room tells. */
  ofContent: { spent: DurationObserver | undefined; count: CacheCount | undefined }
  /** Counts the lookups of one level of a cache. */
  cache(level: string): CacheCount | undefined
  /** Times and traces all requests from now on; gives the function that times one which met no route. */
  observeRequests(app: FastifyInstance): (request: FastifyRequest, reply: FastifyReply) => void
  swept(result: SweepResult): void
  /** Keeps what is recorded, adds the routes that show it. */
  keep(app: FastifyInstance, { db }: { db: Kysely<Tables> }, sweepables: readonly Sweepable<unknown>[]): Recordings
}

/** Memory that a control group allows beyond any machine's means that there is no limit. */
const NO_LIMIT_BYTES = 2 ** 50

/** Starts recording unless RECORDING is off; metrics and traces are fed either way. */
export function openRecording({ config, metrics, tracing, clock, logger, random, version }: RecordingDeps): Recording {
  const replica = `${hostname().slice(0, 59)}-${random.bytes(2).toString('hex')}`
  const allowedBytes = process.constrainedMemory()
  const limits = {
    cores: availableParallelism(),
    memoryLimitBytes: allowedBytes > 0 && allowedBytes < NO_LIMIT_BYTES ? allowedBytes : totalmem(),
    connections: config.databaseUrl ? REQUEST_LIMITS.connections : 0,
  }
  const recorder: Recorder | undefined =
    config.recording === 'on'
      ? withPrometheus(createRecorder({ name: replica, version, startedAt: clock.now() }, limits), metrics)
      : undefined
  const redisLevel = config.redisUrl ? recorder?.cache('redis') : undefined
  const countSwept = metrics.counter('paste_swept_total', 'Steps that the sweeper took', 'target')
  return {
    replica,
    observe: observeWith(tracing?.observe, recorder?.observe, dependencyMetrics(metrics)),
    ...(recorder && { waited: recorder.waited }),
    lookedUp: (found) => (found ? redisLevel?.hit() : redisLevel?.miss()),
    ofContent: { spent: recorder?.spent, count: recorder?.cache('frames') },
    cache: (level) => recorder?.cache(level),
    observeRequests(app) {
      tracing?.observeRequests(app)
      const shown = metrics.requests(tracing?.traceIdOf)
      return timeRequests(app, recorder ? [recorder.route, shown] : [shown])
    },
    swept({ name, purged }) {
      recorder?.swept(purged)
      countSwept(name, purged)
    },
    keep(app, { db }, sweepables) {
      const recordings = createRecordings({
        db,
        recorder,
        replica,
        clock,
        logger,
        randomBelow,
        lookAtBacklog: () => lookAtBacklog(recorder, sweepables, clock.now()),
      })
      performanceRoutes(app, {
        ...recordings,
        requireAdmin: operatorsOnly(config),
        clientOf: ({ ip }) => clientKey(ip),
      })
      app.addHook('onListen', (done) => {
        const sockets = promisify(app.server.getConnections.bind(app.server))
        recordings.start(sockets)
        done()
      })
      return recordings
    },
  }
}

/** Undefined where the limit cannot be read. */
async function lookAtBacklog(
  recorder: Recorder | undefined,
  sweepables: readonly Sweepable<unknown>[],
  now: number,
): Promise<void> {
  if (recorder === undefined) return
  try {
    const found = await Promise.all(sweepables.map((sweepable) => sweepable.backlog?.(now)))
    const known = found.filter((backlog) => backlog !== undefined)
    const oldest = known.map(({ oldestAt }) => oldestAt).filter((at) => at !== null)
    const items = known.reduce((sum, backlog) => sum + backlog.items, 0)
    recorder.backlog(items, oldest.length === 0 ? 0 : now - Math.min(...oldest))
  } catch {
    recorder.backlog(null, null)
  }
}
