import { randomBytes } from 'node:crypto'
import { Redis as Client } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../../src/core/index.ts'
import { createLimiter } from '../../../src/platform/limiter/index.ts'
import { createRedis, type Redis } from '../../../src/platform/redis/index.ts'
import { redisUrl } from '../../../src/settings/redis-url.ts'
import { patiently } from '../../patience.ts'
import {
  type RedisCluster,
  type RedisSentinel,
  startRedisCluster,
  startRedisSentinel,
  whenService,
} from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

const connect = (url: string) => createRedis({ target: redisUrl(url), logger: silentLogger, clock: systemClock })
const connected = (redis: Redis) => vi.waitFor(() => expect(redis.state().connected).toBe(true), PATIENT)
const value = Buffer.from('value')
const PATIENT = { interval: 20, timeout: patiently(15_000) }

/** Stores until it is stored: a machine that is too busy for an answer within 100 ms is not what is tested here. */
const keep = (redis: Redis, name: string) =>
  vi.waitFor(async () => expect(await redis.set(name, value, 60_000)).toBe(true), PATIENT)

async function keysOf(port: number): Promise<string[]> {
  const node = new Client(port)
  const keys = await node.keys('key*')
  node.disconnect()
  return keys
}

async function listenOn(redis: Redis) {
  const heard: string[] = []
  let starts = 0
  redis.subscribe('news', { onMessage: (message) => heard.push(message), onStart: () => starts++ })
  await vi.waitFor(() => expect(starts).toBe(1), PATIENT)
  return { heard, starts: () => starts }
}

whenService('redis', () => {
  describe('a Redis Cluster', { timeout: patiently(60_000) }, () => {
    let cluster: RedisCluster
    let redis: Redis
    let other: Redis
    beforeAll(async () => {
      cluster = await startRedisCluster()
      redis = await connect(cluster.url)
      other = await connect(cluster.url)
      await connected(redis)
      await connected(other)
    })
    afterAll(async () => {
      await Promise.all([redis.close(), other.close()])
      await cluster.stop()
    })

    test('keeps and gives values, whichever node they belong to', async () => {
      for (let index = 0; index < 30; index++) {
        await keep(redis, `key${index}`)
        await vi.waitFor(async () => expect(await other.get(`key${index}`)).toEqual(value), PATIENT)
      }
    })

    test('delivers messages wherever the sender and the listener are connected', async () => {
      const { heard } = await listenOn(other)
      for (let index = 0; index < 10; index++) {
        const tell = () => redis.setAndTell(`key${index}`, value, 60_000, 'news', `${index}`)
        await vi.waitFor(async () => expect(await tell()).toBeDefined(), PATIENT)
      }
      await vi.waitFor(() => expect(new Set(heard).size).toBe(10), PATIENT)
    })

    test('counts a rate once for all who share it', async () => {
      const limit = { count: 10, windowMs: 60_000 }
      const allowed = async (client: string) => {
        const name = randomBytes(8).toString('hex')
        const limiters = [redis, other].map((one) => createLimiter({ name, limit, clock: systemClock, redis: one }))
        const taken = await Promise.all(Array.from({ length: 30 }, (_, index) => limiters[index % 2]?.take(client)))
        return taken.filter((decision) => decision?.allowed && decision.isShared).length
      }
      for (const client of ['192.0.2.1', '2001:db8::/64', '192.0.2.3', '192.0.2.4'])
        await vi.waitFor(async () => expect(await allowed(client)).toBe(10), PATIENT)
    })

    test('that lost a node misses its keys without waiting for it, and gives the others', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `key${index}`)
      for (const name of names) await keep(redis, name)
      const lost = new Set(await keysOf(cluster.ports[0] ?? 0))
      await cluster.nodes[0]?.kill()
      let slowestMs = 0
      const read = async (name: string) => {
        const startedAt = performance.now()
        const found = await redis.get(name)
        slowestMs = Math.max(slowestMs, performance.now() - startedAt)
        return found
      }
      const kept = names.filter((name) => !lost.has(name))
      expect(kept.length).toBeLessThan(names.length)
      const others = async () => expect(await Promise.all(kept.map(read))).toEqual(kept.map(() => value))
      await vi.waitFor(others, PATIENT)
      expect(await Promise.all([...lost].map(read))).toEqual([...lost].map(() => undefined))
      expect(slowestMs).toBeLessThan(patiently(1_000))
      await cluster.nodes[0]?.restart()
      for (const name of names) await keep(redis, name)
    })

    test('that lost the node which listeners were connected to is heard through another', async () => {
      await cluster.nodes[0]?.restart()
      const listener = await connect(cluster.url)
      const { heard, starts } = await listenOn(listener)
      await cluster.nodes[0]?.kill()
      await vi.waitFor(() => expect(starts()).toBe(2), PATIENT)
      const tell = (index: number) => redis.setAndTell(`key${index}`, value, 60_000, 'news', 'later')
      const told = async () => {
        for (let index = 0; index < 5; index++) await tell(index)
        expect(heard).toContain('later')
      }
      await vi.waitFor(told, PATIENT)
      await listener.close()
    })
  })

  describe('a primary that sentinels watch', { timeout: patiently(60_000) }, () => {
    let group: RedisSentinel
    let redis: Redis
    beforeAll(async () => {
      group = await startRedisSentinel()
      redis = await connect(group.url)
      await connected(redis)
    })
    afterAll(async () => {
      await redis.close()
      await group.stop()
    })

    test('is found, used and listened to', async () => {
      const { heard } = await listenOn(redis)
      expect(await redis.set('x', value, 60_000)).toBe(true)
      expect(await redis.get('x')).toEqual(value)
      expect(await redis.setAndTell('x', value, 60_000, 'news', 'hello')).toBe(1)
      await vi.waitFor(() => expect(heard).toEqual(['hello']), PATIENT)
    })

    test('that dies is a miss until its replica has taken over, listeners included', async () => {
      const { heard, starts } = await listenOn(redis)
      await group.primary.kill()
      expect(await redis.set('y', value, 60_000)).toBeUndefined()
      const stored = async () => expect(await redis.setAndTell('y', value, 60_000, 'news', 'after')).toBeGreaterThan(0)
      await vi.waitFor(stored, PATIENT)
      await vi.waitFor(() => expect(heard).toContain('after'), PATIENT)
      expect(starts()).toBe(2)
    })
  })
})
