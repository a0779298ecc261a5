import { randomInt } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import { createBucket, createDatabase, createS3Client, whenService } from '../services/index.ts'
import { sweepAndAudit } from './audit.ts'
import { until } from './client.ts'
import { differences, type Ledger, work } from './ledger.ts'
import { createSeeded } from './seeded.ts'
import { startService } from './service.ts'

const CLIENTS = 8
const REQUESTS = 200

/** Runs 200 mixed requests and ends the process in the middle; checks what is left, before and after a sweep. */
async function crash(seed: number, environment: Record<string, string>): Promise<void> {
  const random = createSeeded(seed)
  const service = await startService({ ...environment, SWEEP_SCHEDULE: '*/2 * * * * *' })
  onTestFinished(() => service.stop())
  const ledger: Ledger = { entries: new Map(), acknowledged: 0, refused: [] }
  const killAfter = 20 + random.below(140)
  const clients = Array.from({ length: CLIENTS }, () =>
    work(service.url, createSeeded(random.below(2 ** 31)), REQUESTS / CLIENTS, ledger).catch((error: Error) => error),
  )
  await until(
    async () => ledger.acknowledged,
    (acknowledged) => acknowledged >= killAfter,
    patiently(30_000),
    1,
  )
  await service.kill('SIGKILL')
  const ends = await Promise.all(clients)
  expect(ends.some((end) => end instanceof Error)).toBe(true)
  expect(ledger.refused).toEqual([])

  await service.restart()
  expect(await differences(service.url, ledger)).toEqual([])
  await service.kill('SIGTERM')

  const audit = await sweepAndAudit(environment)
  expect(audit).toEqual({ unfinished: [], strayObjects: [], missingObjects: [], live: audit.live })
  await service.restart()
  expect(await differences(service.url, ledger)).toEqual([])
  expect(service.output()).not.toMatch(/a bug ends this process|"level":50/)
}

/** Fixed seeds, for the same start everywhere, and one that nobody has tried; a failure names its own. */
const seedsFrom = (first: number, count: number) => [
  ...Array.from({ length: count - 1 }, (_, index) => first + index),
  randomInt(2 ** 31),
]

describe('kill -9 in the middle of 200 requests, embedded', () => {
  test.each(seedsFrom(1, 2))(
    'loses nothing and leaks nothing, seed %i',
    async (seed) => {
      const folder = mkdtempSync(join(tmpdir(), 'pastebin-crash-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      await crash(seed, { DATA_DIR: folder })
      expect(readdirSync(join(folder, 'objects', 'unfinished'))).toEqual([])
    },
    patiently(60_000),
  )
})

whenService(['sql', 's3', 'redis'], ({ sql, s3, redis }) => {
  describe('kill -9 in the middle of 200 requests, with S3 and Redis', () => {
    test.each(seedsFrom(1, 2))(
      'loses nothing and leaks nothing, seed %i',
      async (seed) => {
        const database = await createDatabase(sql)
        onTestFinished(() => database.drop())
        const bucket = await createBucket(s3)
        await crash(seed, {
          DATABASE_URL: database.url,
          REDIS_URL: redis.url,
          MIGRATE_AT_START: 'true',
          ...bucket.environment,
        })
        const client = await createS3Client(s3)
        onTestFinished(() => client.destroy())
        const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }))
        expect(Uploads ?? []).toEqual([])
      },
      patiently(60_000),
    )
  })
})
