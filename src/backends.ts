import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { createDiskStore, createS3Store, type ObjectStore } from './content/index.ts'
import { type Clock, type Logger, randomBelow } from './core/index.ts'
import type { PasteTables } from './paste/index.ts'
import { createMysql, createRedis, createSqlite, type Database, type Part, type Redis } from './platform/index.ts'

/** The outside parts that a configuration names. */
export type Backends = {
  database: Database<PasteTables>
  store: ObjectStore
  redis: Redis | undefined
  /** How long a paste in memory may answer before the database is asked again: replicas may change it meanwhile. */
  maxAgeMs: number
  /** Puts the embedded database's log away; for idle moments. */
  checkpoint(): void
}

/** Together with a second of clock skew, a delete at one replica is seen by the others within 5 s. */
const SHARED_MAX_AGE_MS = 4_000
const ALONE_MAX_AGE_MS = 60_000

/** Opens the database alone: what a migration needs. */
export async function openDatabase(
  config: Config,
  logger: Logger,
): Promise<{ database: Database<PasteTables>; checkpoint(): void }> {
  if (config.databaseUrl) {
    const random = () => randomBelow(2 ** 32) / 2 ** 32
    return {
      database: await createMysql<PasteTables>({ url: config.databaseUrl, logger, random }),
      checkpoint: () => {},
    }
  }
  makeDataFolder(config.dataDir)
  const database = createSqlite<PasteTables>({ file: join(config.dataDir, 'pastes.db'), logger })
  return { database, checkpoint: database.checkpoint }
}

/** Opens every part that the configuration names; connects lazily where the part may be away. */
export async function openBackends(config: Config, deps: { logger: Logger; clock: Clock }): Promise<Backends> {
  const { database, checkpoint } = await openDatabase(config, deps.logger)
  const store = await openStore(config)
  const redis = config.redisUrl ? await createRedis({ url: config.redisUrl, ...deps }) : undefined
  return { database, store, redis, checkpoint, maxAgeMs: config.databaseUrl ? SHARED_MAX_AGE_MS : ALONE_MAX_AGE_MS }
}

async function openStore(config: Config): Promise<ObjectStore> {
  if (!config.s3Endpoint) {
    makeDataFolder(config.dataDir)
    return createDiskStore(join(config.dataDir, 'objects'))
  }
  return createS3Store({
    endpoint: config.s3Endpoint,
    bucket: config.s3Bucket,
    region: config.s3Region,
    accessKeyId: config.s3AccessKeyId ?? '',
    secretAccessKey: config.s3SecretAccessKey ?? '',
    forcePathStyle: config.s3ForcePathStyle,
  })
}

/** The parts for `/health/ready`. Redis is never required: without it the answers are the same. */
export function partsOf({ database, store, redis }: Backends): Part[] {
  const list: Part[] = [
    { name: 'database', check: () => database.check(), required: true },
    { name: 'store', check: () => store.check(), required: true },
  ]
  if (redis) {
    const check = async () => {
      if (!redis.state().connected) throw new Error('not connected')
    }
    list.push({ name: 'redis', check, required: false })
  }
  return list
}

/** Redis as the second level of the frame cache. Frames never change, so an hour is as good as a minute. */
export function frameLevel(redis: NonNullable<Backends['redis']>) {
  const KEPT_MS = 3_600_000
  return {
    get: async (key: string) => (await redis.get(`frame:${key}`)) ?? undefined,
    set: (key: string, value: Buffer) => void redis.set(`frame:${key}`, value, KEPT_MS),
  }
}

/** Makes the data folder if it isn't there; throws {@link ConfigError} when that can't be. */
function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new ConfigError(`DATA_DIR can not be used: ${error instanceof Error ? error.message : error}`)
  }
}

const PREPARE_AGAIN_MS = 2_000

/**
 * Makes folder or bucket. A store in the network that is away keeps nobody from starting: it is tried again until it
 * is there, and until then `/health/ready` says what is missing.
 */
export async function prepareStore(store: ObjectStore, logger: Logger): Promise<void> {
  try {
    await store.prepare()
  } catch (error) {
    if (store.name !== 's3') throw error
    logger.warn({ err: error }, 'the store is not available; it is tried again every 2 s')
    setTimeout(() => void prepareStore(store, logger), PREPARE_AGAIN_MS).unref()
  }
}
