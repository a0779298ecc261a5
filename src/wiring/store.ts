import { join } from 'node:path'
import { createDiskStore, createS3Store, createWatchedStore, type ObjectStore } from '../content/index.ts'
import type { Logger } from '../core/index.ts'
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

/**
 * What readiness asks of the store: it is prepared (a bucket is made, the right to write is tried) with the first check
 * that succeeds, and only looked at afterwards.
 */
export function storeCheck(store: ObjectStore): () => Promise<void> {
  let isPrepared = false
  return async () => {
    if (isPrepared) return await store.check()
    await store.prepare()
    isPrepared = true
  }
}
