import { join } from 'node:path'
import { createObservedStore, type ObjectStore } from '../content/index.ts'
import { type Clock, isMachineClock, type Logger, monotonicOf, randomBelow, withTimeout } from '../core/index.ts'
import {
  createEmbeddedClock,
  createMysql,
  createRedis,
  createSharedClock,
  createSqlite,
  type Database,
  type DatabaseObserver,
  type DiskSpace,
  observedRedis,
  type Part,
  type Redis,
  type RedisObserver,
  type Registration,
  schemaPart,
  type WatchedClock,
} from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import { makeDataFolder } from './data-folder.ts'
import { openRegistration } from './dns.ts'
import { placesOf } from './places.ts'
import { openDisk } from './space.ts'
import { openStore, storeCheck } from './store.ts'
import type { Tables } from './tables.ts'

/** The outside parts that a configuration names. */
export type Backends = {
  database: Database<Tables>
  store: ObjectStore
  redis: Redis | undefined
  /** The time that decides: the database's where replicas share one. */
  clock: Clock
  /** Watches it; absent where the given clock is not a machine's. */
  watchedClock: WatchedClock | undefined
  /** This replica's entry in the DNS, not yet made. */
  registration: Registration | undefined
  /** How long a paste in memory may answer before the database is asked again: replicas may change it meanwhile. */
  maxAgeMs: number
  /** Puts the embedded database's log away; for idle moments. */
  checkpoint(): Promise<void>
  /** The disk of the data folder, where something lies there. */
  disk: DiskSpace | undefined
}

/** Observers of the calls to dependencies. */
export type DependencyObserver = DatabaseObserver & RedisObserver

/** Together with a second of clock skew, a delete at one replica is seen by the others within 5 s. */
const SHARED_MAX_AGE_MS = 4_000
const ALONE_MAX_AGE_MS = 60_000
/** How long a start waits for the first look at the database's clock. */
const FIRST_LOOK_MS = 3_000

/** Opens the database alone: what a migration needs. */
export async function openDatabase(
  config: Config,
  logger: Logger,
  observer?: DatabaseObserver,
  besideService = false,
): Promise<{ database: Database<Tables>; checkpoint(): Promise<void>; disk: DiskSpace | undefined }> {
  if (config.databaseUrl) {
    const schema = { remedy: 'run `npm run migrate` with the settings of this server' }
    const random = () => randomBelow(2 ** 32) / 2 ** 32
    return {
      database: await createMysql<Tables>({ url: config.databaseUrl, logger, random, observer, schema }),
      checkpoint: async () => {},
      disk: undefined,
    }
  }
  makeDataFolder(config.dataDir)
  // The embedded database has no pool, so no call waits for a connection.
  const embedded = observer && { observe: observer.observe }
  const schema = { remedy: 'stop this server and run `npm run migrate`' }
  const file = join(config.dataDir, 'pastes.db')
  const disk: DiskSpace = openDisk(config, () => database.reusableBytes())
  const giveUpReserve = () => {
    const gave = disk.giveUpReserve()
    if (gave) logger.warn({ folder: config.dataDir }, 'the disk is full; the reserve is given up for ends and deletes')
    return gave
  }
  const database = createSqlite<Tables>({
    file,
    logger,
    observer: embedded,
    schema,
    giveUpReserve,
    logBytes: disk.logBytes,
    besideService,
  })
  const checkpoint = () =>
    database.checkpoint().catch((error: unknown) => {
      logger.warn({ err: error }, "the database's log could not be put away; it is tried again after the next sweep")
    })
  return { database, checkpoint, disk }
}

/**
 * Opens every part that the configuration names; connects lazily where the part may be away. `observer` observes every
 * call of database, store and Redis. `besideService`: an embedded database may be open in a service, too.
 */
export async function openBackends(
  config: Config,
  deps: { logger: Logger; clock: Clock; besideService?: boolean },
  observer?: DependencyObserver,
): Promise<Backends> {
  const { database, checkpoint, ...opened } = await openDatabase(config, deps.logger, observer, deps.besideService)
  const bareStore = await openStore(config, deps.logger)
  const disk = opened.disk ?? (config.s3Endpoint ? undefined : openDisk(config))
  const store = observer ? createObservedStore(bareStore, observer.observe) : bareStore
  const bareRedis = config.redisUrl
    ? await createRedis({ target: config.redisUrl, logger: deps.logger, clock: { now: monotonicOf(deps.clock) } })
    : undefined
  const redis = bareRedis && observer ? observedRedis(bareRedis, observer) : bareRedis
  const registration = openRegistration(config, deps)
  const watchedClock = watchClock(config, database, deps)
  // Without an answer the time stays in doubt, and it is asked for again.
  if (watchedClock) await withTimeout(watchedClock.look(), FIRST_LOOK_MS).catch(() => {})
  return {
    database,
    store,
    redis,
    clock: watchedClock?.clock ?? deps.clock,
    watchedClock,
    registration,
    checkpoint,
    disk,
    maxAgeMs: config.databaseUrl ? SHARED_MAX_AGE_MS : ALONE_MAX_AGE_MS,
  }
}

/** The clock that decides about life and ends; a clock that is no machine's stands for all of them. */
function watchClock(
  config: Config,
  database: Database<Tables>,
  { clock, logger }: { clock: Clock; logger: Logger },
): WatchedClock | undefined {
  if (!isMachineClock(clock)) return undefined
  if (database.now) return createSharedClock(database.now, { clock, logger })
  return createEmbeddedClock(join(config.dataDir, 'clock-seen'), { clock, logger })
}

/**
 * The parts for `/health/ready`. Neither Redis nor the DNS is required: without them the answers are the same. A store
 * whose bytes were wrong lately has a member `bytes` that says so.
 */
export function readinessChecks(
  { database, store, redis, registration, watchedClock, disk }: Backends,
  { config, isDamaged }: { config: Config; isDamaged(): boolean },
): Part[] {
  const places = placesOf(config)
  const checkStore = storeCheck(store)
  const list: Part[] = [
    {
      name: 'database',
      check: () => database.check(),
      required: true,
      place: places.database,
      members: () => database.shards?.() ?? {},
    },
    ...(database.schema ? [schemaPart(database.schema)] : []),
    {
      name: 'store',
      check: checkStore,
      required: true,
      place: places.store,
      members: () => (isDamaged() ? { bytes: false } : {}),
    },
    ...(watchedClock ? [watchedClock.part] : []),
    ...(disk ? [disk.part] : []),
  ]
  if (redis) {
    list.push({ name: 'redis', check: redis.check, required: false, place: places.redis })
  }
  if (registration) {
    const check = async () => {
      if (!registration.isRegistered()) throw new Error('not registered')
    }
    list.push({ name: 'dns', check, required: false })
  }
  return list
}
