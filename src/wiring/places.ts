import { join } from 'node:path'
import type { Config } from '../settings/index.ts'

/** Where a part is, and which variables say so; without user and password, for the log. */
type Place = { at: string; settings: string }

/** Where database, store and Redis are. */
export function placesOf(config: Config): Record<'database' | 'store' | 'redis', Place> {
  const folder = (path: string) => ({ at: path, settings: 'DATA_DIR' })
  const address = URL.parse(config.databaseUrl ?? '')
  const { nodes = [] } = config.redisUrl ?? {}
  return {
    database: address
      ? { at: `${address.host}${address.pathname}`, settings: 'DATABASE_URL' }
      : folder(join(config.dataDir, 'pastes.db')),
    store: config.s3Endpoint
      ? {
          at: `bucket ${config.s3Bucket} at ${config.s3Endpoint}`,
          settings: 'S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY',
        }
      : folder(join(config.dataDir, 'objects')),
    redis: { at: nodes.map(({ host, port }) => `${host}:${port}`).join(','), settings: 'REDIS_URL' },
  }
}
