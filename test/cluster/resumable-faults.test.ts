import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sweepAndAudit } from '../blackbox/audit.ts'
import { logText, newSlug, send, sha256 } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { begin, resume } from '../service/support/tus.ts'
import {
  createBucket,
  createDatabase,
  type Database,
  type FaultProxy,
  type S3Faults,
  s3Environment,
  startFaultProxy,
  startS3Faults,
  whenService,
} from '../services/index.ts'

const MIB = 1024 * 1024
const COM_STMT_EXECUTE = 0x17
const NEVER = '0 0 0 1 1 *'
/** Two parts, the second of which is the last byte but one of all. */
const content = logText(9 * MIB)

whenService(['sql', 's3'], ({ sql, s3 }) => {
  describe('an upload in parts, where what it is kept in fails', { timeout: patiently(60_000) }, () => {
    let database: Database
    let proxy: FaultProxy
    let storage: S3Faults
    let service: Service
    let environment: Record<string, string>
    beforeAll(async () => {
      database = await createDatabase(sql)
      proxy = await startFaultProxy(sql.port)
      storage = await startS3Faults(s3)
      const bucket = await createBucket(s3)
      environment = { DATABASE_URL: database.url, ...bucket.environment }
      const url = new URL(database.url)
      url.port = `${proxy.port}`
      const hurt = { DATABASE_URL: url.href, ...s3Environment(storage, bucket.name) }
      service = await startService({ ...hurt, MIGRATE_AT_START: 'true', SWEEP_SCHEDULE: NEVER })
    })
    afterEach(async () => {
      storage.heal()
      await proxy.set({})
    })
    afterAll(async () => {
      await service.stop()
      await proxy.stop()
      await storage.stop()
      await database.drop()
    })

    async function expectWhole(slug: string): Promise<void> {
      expect(sha256((await send(`${service.url}/raw/${slug}`)).bytes)).toBe(sha256(content))
    }

    test.each([
      ['that finds the upload', 2],
      ['that takes it over', 3],
      ['that records the first part', 4],
      ['that records the second part', 5],
      ['that makes the paste live', 6],
      ['that finds the paste', 7],
    ])('goes on after the answer to the statement %s was lost', async (_what, number) => {
      const slug = newSlug()
      const { url } = await begin(service.url, content.length, { slug })
      let executed = 0
      await proxy.set({
        onRequest(bytes, link) {
          // The command stands behind the four bytes of the packet's head.
          if (bytes[4] === COM_STMT_EXECUTE && ++executed === number) link.dropReply()
          return undefined
        },
      })
      await resume(url, content)
      expect(executed).toBeGreaterThanOrEqual(number)
      await expectWhole(slug)
    })

    test.each([
      ['refuses a part', { kind: 'refuse', status: 503, code: 'SlowDown' }],
      ['stores a part and does not say so', { kind: 'loseReply' }],
    ] as const)('goes on after the store %s', async (_what, fault) => {
      const slug = newSlug()
      const { url } = await begin(service.url, content.length, { slug })
      storage.fail('PutObject', fault, 5)
      await resume(url, content)
      await expectWhole(slug)
    })

    test('leaves nothing but pastes', async () => {
      const audit = await sweepAndAudit(environment)
      expect(audit).toEqual({ unfinished: [], strayObjects: [], missingObjects: [], live: 8 })
    })
  })
})
