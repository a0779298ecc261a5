import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { bearer, type Created, create, json, send } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import {
  createBucket,
  createDatabase,
  type Database,
  type FaultProxy,
  type RedisServer,
  startFaultProxy,
  startRedis,
  whenService,
} from '../services/index.ts'
import { type Replica, startApp } from './start-app.ts'

/** How long a replica may answer from memory when no message reaches it. */
const BOUND_MS = 4_000

const WITHIN = { timeout: patiently(5_000) }
const PATIENT = { interval: 20, timeout: patiently(15_000) }

// The clock stands still: nothing in memory grows old, so what one replica sees of another's change it was told.
whenService(['sql', 's3', 'redis'], ({ sql, s3 }) => {
  describe('three replicas whose clock stands still', { timeout: patiently(60_000) }, () => {
    let now = Date.now()
    let redis: RedisServer
    let proxy: FaultProxy
    let database: Database
    const replicas: Replica[] = []

    beforeAll(async () => {
      redis = await startRedis()
      proxy = await startFaultProxy(redis.port)
      database = await createDatabase(sql)
      const bucket = await createBucket(s3)
      const urls = [redis.url, redis.url, `redis://127.0.0.1:${proxy.port}`]
      for (const url of urls) {
        const environment = { ...bucket.environment, DATABASE_URL: database.url, REDIS_URL: url }
        replicas.push(await startApp(environment, { now: () => now }))
      }
    })
    afterAll(async () => {
      for (const { app } of replicas) await app.stop()
      await proxy.stop()
      await database.drop()
      await redis.stop()
    })

    const [one, two, three] = [0, 1, 2].map((index) => () => replicas[index] as Replica) as [Get, Get, Get]
    type Get = () => Replica

    /** A paste that every replica has in memory. */
    async function known(): Promise<Created> {
      const made = await create(one().url, 'before')
      for (const { url } of replicas) {
        expect((await send(`${url}/raw/${made.slug}`)).bytes.toString()).toBe('before')
        await send(`${url}/${made.slug}`, { headers: { accept: 'text/html' } })
      }
      return made
    }
    /**
     * A scenario that begins with all replicas in touch with Redis. When it fails and one of them did without Redis
     * meanwhile, because this machine was too busy to answer within 100 ms, it is played again.
     */
    async function inTouch(scenario: () => Promise<void>, attempts = 5): Promise<void> {
      await proxy.set({})
      for (const replica of replicas) await vi.waitFor(() => expectInTouch(replica), PATIENT)
      const failures = () => replicas.reduce((sum, { app }) => sum + (app.backends.redis?.state().failures ?? 0), 0)
      const before = failures()
      await scenario().catch((error) => {
        if (failures() === before || attempts === 1) throw error
        return inTouch(scenario, attempts - 1)
      })
    }
    async function expectInTouch({ app }: Replica): Promise<void> {
      const { redis } = app.backends
      // A breaker that opened closes by the clock and a call that succeeds.
      if (redis?.state().breaker !== 'closed') now += 2_001
      expect(await redis?.get('nothing')).toBeNull()
      expect(redis?.state()).toMatchObject({ connected: true, listening: true, breaker: 'closed' })
    }
    const path = ({ slug }: Created) => `/api/v1/pastes/${slug}`
    const change = (made: Created, init: RequestInit) =>
      send(`${one().url}${path(made)}`, {
        ...init,
        headers: { ...bearer(made.editToken), 'content-type': 'application/json' },
      })
    const statusAt = async ({ url }: Replica, { slug }: Created) => (await send(`${url}/raw/${slug}`)).status

    test('see new content at once', () =>
      inTouch(async () => {
        const made = await known()
        const type = { ...bearer(made.editToken), 'content-type': 'text/plain' }
        const init = { method: 'PUT', body: 'after', headers: type }
        expect((await send(`${one().url}${path(made)}/content`, init)).status).toBe(200)
        for (const { url } of replicas) {
          const content = async () => (await send(`${url}/raw/${made.slug}`)).bytes.toString()
          await expect.poll(content, WITHIN).toBe('after')
        }
      }))

    test('see a new title and a new end at once, in metadata and on the page', () =>
      inTouch(async () => {
        const made = await known()
        const body = JSON.stringify({ title: 'Renamed', expiresIn: '1h' })
        expect((await change(made, { method: 'PATCH', body })).status).toBe(200)
        for (const { url } of replicas) {
          const metadata = async () => json<{ title: string; expiresAt: string }>(await send(`${url}${path(made)}`))
          const expiresAt = new Date(now + 3_600_000).toISOString()
          await expect.poll(metadata, WITHIN).toMatchObject({ title: 'Renamed', expiresAt })
          const page = await send(`${url}/${made.slug}`, { headers: { accept: 'text/html' } })
          expect(page.bytes.toString()).toContain('Renamed')
        }
      }))

    test('see that it is gone at once, and were told once each', () =>
      inTouch(async () => {
        const made = await known()
        const before = await Promise.all(replicas.map(fates))
        expect((await change(made, { method: 'DELETE' })).status).toBe(204)
        for (const replica of replicas) await expect.poll(() => statusAt(replica, made), WITHIN).toBe(410)
        const grown = async () => {
          const after = await Promise.all(replicas.map(fates))
          const of = (index: number, fate: string) => (after[index]?.[fate] ?? 0) - (before[index]?.[fate] ?? 0)
          return { sent: of(0, 'sent'), own: of(0, 'own'), heard: [of(0, 'heard'), of(1, 'heard'), of(2, 'heard')] }
        }
        await expect.poll(grown, WITHIN).toEqual({ sent: 1, own: 1, heard: [0, 1, 1] })
      }))

    test('see that the one reading was taken, at once', () =>
      inTouch(async () => {
        const made = await create(one().url, 'secret', 'burnAfterReading=true')
        expect(await statusAt(two(), made)).toBe(405)
        expect((await send(`${one().url}${path(made)}/claim`, { method: 'POST' })).bytes.toString()).toBe('secret')
        for (const replica of replicas) await expect.poll(() => statusAt(replica, made), WITHIN).toBe(410)
      }))

    test('trust nothing that they kept from before a gap in listening', () =>
      inTouch(async () => {
        const made = await known()
        const starts = (await fates(two())).start ?? 0
        const operator = new Redis(redis.port)
        await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
        expect((await change(made, { method: 'DELETE' })).status).toBe(204)
        await expect.poll(async () => (await fates(two())).start, WITHIN).toBe(starts + 1)
        expect(await statusAt(two(), made)).toBe(410)
        operator.disconnect()
      }))

    test('are not disturbed by what others send on the channel', () =>
      inTouch(async () => {
        const made = await known()
        const operator = new Redis(redis.port)
        const garbage = ['', made.slug, `2 AAAAAAAA ${made.slug}`, 'x'.repeat(1_000_000)]
        const before = (await fates(two())).garbage ?? 0
        for (const message of garbage) await operator.publish('paste:changed', message)
        await expect.poll(async () => (await fates(two())).garbage, WITHIN).toBe(before + garbage.length)
        expect(await statusAt(two(), made)).toBe(200)
        operator.disconnect()
      }))

    test('that hear nothing, because their Redis connection hangs, answer from memory no longer than they may', () =>
      inTouch(async () => {
        const made = await known()
        await proxy.set({ blackHole: true })
        expect((await change(made, { method: 'DELETE' })).status).toBe(204)
        await expect.poll(() => statusAt(two(), made), WITHIN).toBe(410)
        now += BOUND_MS - 1
        expect(await statusAt(three(), made)).toBe(200)
        now += 1
        expect(await statusAt(three(), made)).toBe(410)
        await proxy.set({})
      }))

    test('that are not told, because who changes it has no Redis, answer from memory no longer than they may', () =>
      inTouch(async () => {
        await proxy.set({ refuse: true })
        const made = await known()
        const init = { method: 'DELETE', headers: bearer(made.editToken) }
        expect((await send(`${three().url}${path(made)}`, init)).status).toBe(204)
        expect(await statusAt(three(), made)).toBe(410)
        now += BOUND_MS - 1
        expect(await statusAt(two(), made)).toBe(200)
        now += 1
        for (const replica of [one(), two()]) expect(await statusAt(replica, made)).toBe(410)
        await proxy.set({})
      }))
  })
})

/** How many messages about changes met which fate, as `/metrics` tells it. */
async function fates({ url }: Replica): Promise<Record<string, number>> {
  const text = (await send(`${url}/metrics`)).bytes.toString()
  const found = text.matchAll(/^paste_change_messages_total\{fate="(\w+)"\} (\d+)/gm)
  return Object.fromEntries([...found].map(([, fate = '', count]) => [fate, Number(count)]))
}
