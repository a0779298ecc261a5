import { CreateMultipartUploadCommand, DeleteObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/core/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { openBackends } from '../../src/wiring/backends.ts'
import { create, logText } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { listKeys, putObject, randomKey } from '../contracts/object-store.ts'
import { silentLogger } from '../platform/silent-logger.ts'
import { createBucket, createDatabase, createS3Client, type Database, whenService } from '../services/index.ts'
import { CLEAN, compare, fsck, HOUR_MS, LARGE_BYTES } from './fsck-command.ts'

whenService(['sql', 's3'], ({ sql, s3 }) => {
  describe('fsck with S3, beside a running service', () => {
    let database: Database
    let service: Service
    let bucketName: string
    let environment: Record<string, string>
    beforeAll(async () => {
      database = await createDatabase(sql)
      const bucket = await createBucket(s3)
      bucketName = bucket.name
      environment = { DATABASE_URL: database.url, ...bucket.environment }
      service = await startService({ ...environment, MIGRATE_AT_START: 'true' })
      for (const sizeBytes of [10, LARGE_BYTES, 8_000_000]) await create(service.url, logText(sizeBytes))
    })
    afterAll(async () => {
      await service.stop()
      await database.drop()
    })
    /** The store as the service sees it, and as S3 shows it; closed with the test. */
    async function look() {
      const { store, database: own } = await openBackends(loadConfig(environment), {
        logger: silentLogger,
        clock: systemClock,
      })
      const client = await createS3Client(s3)
      onTestFinished(async () => {
        client.destroy()
        await store.close()
        await own.close()
      })
      return { store, client }
    }

    test('what a service does is clean, at once and hours later', async () => {
      expect(await fsck(environment)).toMatchObject({ code: 0 })
      expect(await compare(environment, { laterMs: 2 * HOUR_MS })).toMatchObject({ ...CLEAN, rows: 3, objects: 2 })
    })

    test('unknown objects and unfinished uploads are found and removed, page by page', async () => {
      const { store, client } = await look()
      const known = await listKeys(store)
      const unknown = [randomKey(), randomKey()]
      for (const key of unknown) await putObject(store, key, Buffer.from('nobody knows'))
      // One under a name of its own, one beside an object that is known.
      for (const Key of [randomKey(), known[0] ?? ''])
        await client.send(new CreateMultipartUploadCommand({ Bucket: bucketName, Key }))

      expect(await compare(environment, { repair: true })).toMatchObject(CLEAN)
      const later = { repair: true, laterMs: 2 * HOUR_MS }
      expect(await compare(environment, later)).toMatchObject({
        found: { missing: 0, unknown: 2, unfinished: 2 },
        removed: 4,
      })
      expect(await compare(environment, { laterMs: 2 * HOUR_MS })).toMatchObject(CLEAN)
      expect((await listKeys(store)).sort()).toEqual(known.sort())
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucketName }))
      expect(Uploads ?? []).toEqual([])
    })

    test('a paste whose object is gone is named', async () => {
      const { store, client } = await look()
      const before = new Set(await listKeys(store))
      const { slug } = await create(service.url, logText(LARGE_BYTES))
      const [key] = (await listKeys(store)).filter((name) => !before.has(name))
      await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: key }))
      const { code, text } = await fsck(environment)
      expect(text).toContain(`missing object     ${key}  of paste ${slug}\n`)
      expect(code).toBe(1)
    })
  })
})
