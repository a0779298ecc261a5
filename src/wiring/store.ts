import { join } from 'node:path'
import { createDiskStore, createS3Store, createWatchedStore, type ObjectStore } from '../content/index.ts'
import { type Logger, later } from '../core/index.ts'
import type { Config } from '../settings/index.ts'
import { makeDataFolder } from './data-folder.ts'

/** Opens the store that the configuration names: a bucket, or a folder below `DATA_DIR`. */
export async function openStore(config: Config, logger: Logger): Promise<ObjectStore> {
  if (!config.s3Endpoint) {
    makeDataFolder(config.dataDir)
    return createDiskStore(join(config.dataDir, 'objects'))
  }
  const store = await createS3Store({
    endpoint: config.s3Endpoint,
    bucket: config.s3Bucket,
    region: config.s3Region,
    accessKeyId: config.s3AccessKeyId ?? '',
    secretAccessKey: config.s3SecretAccessKey ?? '',
    forcePathStyle: config.s3ForcePathStyle,
  })
  return createWatchedStore(store, logger)
}

const RETRY_MS = 2_000

/**
 * Makes the folder or the bucket. A bucket out of reach does not stop the start: it is retried every 2 s, and
 * `/health/ready` is 503 meanwhile. Throws when the folder can't be made.
 */
export async function prepareStore(store: ObjectStore, logger: Logger): Promise<void> {
  try {
    await store.prepare()
  } catch (error) {
    if (store.name !== 's3') throw error
    logger.warn({ err: error }, 'the store is not available; it is tried again every 2 s')
    later(() => prepareStore(store, logger), RETRY_MS).unref()
  }
}
