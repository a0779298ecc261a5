import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bearer, create, json, send } from '../blackbox/client.ts'
import { runToEnd, type Service, startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import {
  createBucket,
  createDatabase,
  type Database,
  startRedisCluster,
  startRedisSentinel,
  startRedisTls,
  whenService,
} from '../services/index.ts'

type Health = { parts: { redis?: string } }

whenService(['sql', 's3', 'redis'], ({ sql, s3 }) => {
  describe('two replicas reach Redis', { timeout: patiently(60_000) }, () => {
    let database: Database
    let shared: Record<string, string>
    const running: { stop(): Promise<unknown> }[] = []
    beforeAll(async () => {
      database = await createDatabase(sql)
      const bucket = await createBucket(s3)
      shared = { DATABASE_URL: database.url, MIGRATE_AT_START: 'true', ...bucket.environment }
    })
    afterEach(async () => {
      for (const one of running.splice(0).reverse()) await one.stop()
    })
    afterAll(() => database.drop())

    async function start(redisUrl: string, more: Record<string, string> = {}): Promise<[Service, Service]> {
      const environment = { ...shared, REDIS_URL: redisUrl, ...more }
      const replicas = await Promise.all([startService(environment), startService(environment)])
      running.push(...replicas)
      return replicas
    }

    const redisOf = async ({ url }: Service) => json<Health>(await send(`${url}/health/ready`)).parts.redis
    const figure = async ({ url }: Service, name: string) =>
      Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await send(`${url}/metrics`)).bytes.toString())?.[1])

    /** Both are connected, and a delete at one is seen by the other. */
    async function expectShared([one, other]: [Service, Service]): Promise<void> {
      for (const replica of [one, other]) {
        await expect.poll(() => redisOf(replica), { timeout: patiently(10_000) }).toBe('ok')
        await expect.poll(() => figure(replica, 'paste_redis_listening'), { timeout: patiently(10_000) }).toBe(1)
      }
      const { slug, editToken } = await create(one.url, 'shared')
      expect((await send(`${other.url}/raw/${slug}`)).bytes.toString()).toBe('shared')
      const init = { method: 'DELETE', headers: bearer(editToken) }
      expect((await send(`${one.url}/api/v1/pastes/${slug}`, init)).status).toBe(204)
      await expect.poll(async () => (await send(`${other.url}/raw/${slug}`)).status).toBe(410)
    }

    test('over TLS, with a CA that NODE_EXTRA_CA_CERTS names', async () => {
      const redis = await startRedisTls()
      running.push(redis)
      await expectShared(await start(redis.url, { NODE_EXTRA_CA_CERTS: redis.authorityFile }))
    })

    test('over TLS not at all where its certificate is not trusted, and do without it', async () => {
      const redis = await startRedisTls()
      running.push(redis)
      const [one, other] = await start(redis.url)
      const { slug } = await create(one.url, 'not shared')
      expect((await send(`${other.url}/raw/${slug}`)).status).toBe(200)
      expect(await redisOf(one)).toBe('unavailable')
      expect(one.output()).toMatch(/"part":"redis".*"cause":"certificate"/)
    })

    test('as a cluster', async () => {
      const cluster = await startRedisCluster()
      running.push(cluster)
      await expectShared(await start(cluster.url))
    })

    test('by its sentinels, and no request fails while another primary takes over', async () => {
      const group = await startRedisSentinel()
      running.push(group)
      const replicas = await start(group.url)
      await expectShared(replicas)
      const statuses = new Set<number>()
      let goesOn = true
      const traffic = replicas.map(async ({ url }, index) => {
        while (goesOn) {
          const { slug } = await create(url, 'text')
          for (const at of [url, replicas[1 - index]?.url]) statuses.add((await send(`${at}/raw/${slug}`)).status)
        }
      })
      try {
        await group.primary.kill()
        await expect.poll(() => redisOf(replicas[0]), { timeout: patiently(10_000) }).toBe('unavailable')
        await expect.poll(() => redisOf(replicas[0]), { timeout: patiently(15_000) }).toBe('ok')
      } finally {
        goesOn = false
        await Promise.all(traffic)
      }
      expect([...statuses]).toEqual([200])
      await expectShared(replicas)
    })

    test('not by an address that is none, and say so in one line that holds no password', async () => {
      const { code, output } = await runToEnd({ REDIS_URL: 'redis+sentinel://:canary@host:26379' })
      expect(code).toBe(1)
      expect(output.trim()).toMatch(/^REDIS_URL wants the name of the primary[^\n]*$/)
      expect(output).not.toContain('canary')
    })
  })
})
