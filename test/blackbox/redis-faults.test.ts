import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createBucket,
  createDatabase,
  type Database,
  type RedisServer,
  startRedis,
  whenService,
} from '../services/index.ts'
import { bearer, create, logText, send, until } from './client.ts'
import { type Service, startService } from './service.ts'
import { SEEN_WITHIN_MS } from './suite-change.ts'

whenService(['sql', 's3', 'redis'], ({ sql, s3 }) => {
  describe('two replicas with a Redis that fails', () => {
    let redis: RedisServer
    let database: Database
    let replicas: Service[]
    const urlOf = (index: 0 | 1) => replicas[index]?.url ?? ''
    beforeAll(async () => {
      redis = await startRedis()
      database = await createDatabase(sql)
      const bucket = await createBucket(s3)
      const shared = { DATABASE_URL: database.url, REDIS_URL: redis.url, MIGRATE_AT_START: 'true' }
      replicas = await Promise.all([0, 1].map(() => startService({ ...shared, ...bucket.environment })))
    })
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()))
      await database.drop()
      await redis.stop()
    })

    /** What must be the same with and without Redis. `hurt` comes when both replicas know the pastes. */
    async function expectSameAnswers(hurt: () => Promise<unknown>): Promise<void> {
      const bodies = [logText(500), logText(40_000), logText(2_000_000)]
      const made = await Promise.all(bodies.map((bytes) => create(urlOf(0), bytes)))
      const readAll = async () => {
        for (const [index, { slug }] of made.entries())
          for (const base of [urlOf(0), urlOf(1)])
            expect((await send(`${base}/raw/${slug}`)).bytes.equals(bodies[index] ?? Buffer.of())).toBe(true)
      }
      await readAll()
      await hurt()
      await readAll()
      const later = await create(urlOf(1), 'made meanwhile')
      expect((await send(`${urlOf(0)}/raw/${later.slug}`)).bytes.toString()).toBe('made meanwhile')
      const [first] = made
      const headers = bearer(first?.editToken ?? '')
      expect((await send(`${urlOf(0)}/api/v1/pastes/${first?.slug}`, { method: 'DELETE', headers })).status).toBe(204)
      expect((await send(`${urlOf(0)}/raw/${first?.slug}`)).status).toBe(410)
      const seen = until(
        () => send(`${urlOf(1)}/raw/${first?.slug}`),
        ({ status }) => status === 410,
        SEEN_WITHIN_MS,
      )
      await expect(seen).resolves.toBeDefined()
      expect((await send(`${urlOf(1)}/health/ready`)).status).toBe(200)
    }

    test('that was emptied', () => expectSameAnswers(() => onRedis(redis, (client) => client.flushall())))

    test('that gives garbage', () =>
      expectSameAnswers(() =>
        onRedis(redis, async (client) => {
          for (const key of await client.keys('*')) {
            await client.del(key)
            // Half of them of another type, which Redis answers with WRONGTYPE.
            if (key.length % 2) await client.rpush(key, 'x')
            else await client.set(key, randomBytes(5_000))
          }
        }),
      ))

    test("that gives one paste's bytes under the name of another", () =>
      expectSameAnswers(() =>
        onRedis(redis, async (client) => {
          const keys = await client.keys('*')
          const values = await Promise.all(keys.map((key) => client.getBuffer(key).catch(() => null)))
          for (const [index, key] of keys.entries()) {
            const value = values[(index + 1) % values.length]
            if (value) await client.set(key, value)
          }
        }),
      ))

    test('that is full', async () => {
      const limitTo = (bytes: string) => onRedis(redis, (client) => client.config('SET', 'maxmemory', bytes))
      try {
        await expectSameAnswers(() => limitTo('1'))
      } finally {
        await limitTo('0')
      }
    })

    test('that takes no writes, as after a failover', async () => {
      try {
        await expectSameAnswers(() => onRedis(redis, (client) => client.replicaof('127.0.0.1', 1)))
      } finally {
        await onRedis(redis, (client) => client.replicaof('NO', 'ONE'))
      }
    })

    test('that ends the connections on which replicas hear each other', () =>
      expectSameAnswers(() => onRedis(redis, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'))))

    test('that hangs', async () => {
      try {
        await expectSameAnswers(async () => redis.pause())
      } finally {
        redis.resume()
      }
    })

    test('that is gone, and comes back', async () => {
      await expectSameAnswers(() => redis.kill())
      await redis.restart()
      await expectSameAnswers(async () => {})
    })
  })
})

async function onRedis(server: RedisServer, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(server.port)
  try {
    await work(client)
  } finally {
    client.disconnect()
  }
}
