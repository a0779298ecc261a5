import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import {
  createBucket,
  createDatabase,
  createS3Client,
  type S3Coordinates,
  type SqlCoordinates,
  startRedis,
} from '../../services/index.ts'

/** The backends of one service: what it is told of them, and how a test looks behind its back. */
export type Backing = {
  /** Environment variables of the service. */
  environment: Record<string, string>
  /** Object keys whose writing began and neither finished nor was given up. */
  unfinished(): Promise<string[]>
  /** Removes it all, once the service has stopped. */
  end(): Promise<void>
}

/** SQLite and files, in a folder of their own. */
export async function embedded(): Promise<Backing> {
  const folder = await mkdtemp(join(tmpdir(), 'pastebin-http-'))
  return {
    environment: { DATA_DIR: folder },
    unfinished: () => readdir(join(folder, 'objects', 'unfinished')),
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

/** A database of a server, a bucket of an S3 server, and a Redis, of their own. */
export async function shared(servers: { sql: SqlCoordinates; s3: S3Coordinates }): Promise<Backing> {
  const [database, bucket, redis, client] = await Promise.all([
    createDatabase(servers.sql),
    createBucket(servers.s3),
    startRedis(),
    createS3Client(servers.s3),
  ])
  return {
    environment: {
      ...bucket.environment,
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      MIGRATE_AT_START: 'true',
    },
    async unfinished() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }))
      return Uploads.map(({ Key = '' }) => Key)
    },
    async end() {
      client.destroy()
      await Promise.all([database.drop(), redis.stop()])
    },
  }
}
