import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../../src/core/index.ts'
import { clientKey, createLimiter, type Decision } from '../../../src/platform/limiter/index.ts'
import { createRedis, type Redis } from '../../../src/platform/redis/index.ts'
import { redisUrl } from '../../../src/settings/redis-url.ts'
import { patiently } from '../../patience.ts'
import { whenService } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

const limit = { count: 10, windowMs: 60_000 }

function inMemory() {
  let nowMs = 1_800_000_000_000
  const limiter = createLimiter({ name: 'test', limit, clock: { now: () => nowMs } })
  return {
    take: (client = 'somebody', cost = 1) => limiter.take(client, cost) as Decision,
    pass: (ms: number) => {
      nowMs += ms
    },
    now: () => nowMs,
  }
}

describe('a rate limit in memory', () => {
  test('lets the limit through and no more', () => {
    const { take } = inMemory()
    const decisions = Array.from({ length: 12 }, () => take())
    expect(decisions.map(({ allowed }) => allowed)).toEqual([...new Array(10).fill(true), false, false])
    expect(decisions.map(({ remaining }) => remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0])
  })

  test('never lets more than the limit through in any window', () => {
    const arrivals = fc.array(fc.record({ afterMs: fc.nat(20_000), cost: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(arrivals, (requests) => {
        const { take, pass, now } = inMemory()
        const taken: { at: number; cost: number }[] = []
        for (const { afterMs, cost } of requests) {
          pass(afterMs)
          if (take('somebody', cost).allowed) taken.push({ at: now(), cost })
        }
        for (const { at } of taken) {
          const inWindow = taken.filter((other) => other.at >= at && other.at < at + limit.windowMs)
          expect(inWindow.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(limit.count)
        }
      }),
    )
  })

  test('lets a refused client on when it said it would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 30, maxLength: 60 }), (pauses) => {
        const { take, pass } = inMemory()
        for (const pauseMs of pauses) {
          pass(pauseMs)
          const refused = take()
          if (refused.allowed) continue
          pass(refused.retryAfterMs - 1)
          expect(take('somebody', 1).allowed).toBe(false)
          pass(1)
          expect(take('somebody', 1).allowed).toBe(true)
        }
      }),
    )
  })

  test('has the whole limit free again when it said it would', () => {
    const { take, pass } = inMemory()
    for (let request = 0; request < 5; request++) {
      pass(7_000)
      take()
    }
    pass(take('somebody', 0).resetMs)
    expect(take('somebody', 0)).toMatchObject({ remaining: 10, resetMs: 0 })
  })

  test('serves somebody who keeps to nine tenths of the limit for ever', () => {
    const { take, pass } = inMemory()
    for (let request = 0; request < 500; request++) {
      expect(take().allowed).toBe(true)
      pass(limit.windowMs / 9)
    }
  })

  test('counts clients apart', () => {
    const { take } = inMemory()
    take('one', 10)
    expect(take('one').allowed).toBe(false)
    expect(take('other').allowed).toBe(true)
  })

  test('takes all of a cost or nothing', () => {
    const { take } = inMemory()
    take('somebody', 8)
    expect(take('somebody', 3)).toMatchObject({ allowed: false, remaining: 2 })
    expect(take('somebody', 2)).toMatchObject({ allowed: true, remaining: 0 })
  })

  test('stays shut when the clock is set back', () => {
    const { take, pass } = inMemory()
    take('somebody', 10)
    pass(-3_600_000)
    expect(take().allowed).toBe(false)
  })
})

whenService('redis', ({ redis: { url } }) => {
  describe('a rate limit shared through redis', () => {
    const replicas: Redis[] = []
    beforeAll(async () => {
      for (let replica = 0; replica < 3; replica++)
        replicas.push(await createRedis({ target: redisUrl(url), logger: silentLogger, clock: systemClock }))
      await vi.waitFor(() => expect(replicas.every((redis) => redis.state().connected)).toBe(true), {
        interval: 5,
        timeout: patiently(8_000),
      })
    })
    afterAll(() => Promise.all(replicas.map((redis) => redis.close())))

    function onAllReplicas(clockError = 0) {
      const name = randomBytes(8).toString('hex')
      return replicas.map((redis, index) =>
        createLimiter({ name, limit, redis, clock: { now: () => Date.now() + index * clockError } }),
      )
    }

    test('lets exactly the limit through over all replicas, whatever their clocks say', async () => {
      const limiters = onAllReplicas(3_600_000)
      const decisions = await Promise.all(
        Array.from({ length: 60 }, (_, index) => limiters[index % 3]?.take('somebody')),
      )
      expect(decisions.filter((decision) => decision?.allowed)).toHaveLength(10)
    })

    test('says what is left and when there is more', async () => {
      const [limiter] = onAllReplicas()
      expect(await limiter?.take('somebody', 9)).toMatchObject({ allowed: true, limit: 10, remaining: 1 })
      const refused = await limiter?.take('somebody', 2)
      expect(refused).toMatchObject({ allowed: false, remaining: 1 })
      expect(refused?.retryAfterMs).toBeGreaterThan(limit.windowMs - patiently(1_000))
      expect(refused?.retryAfterMs).toBeLessThanOrEqual(limit.windowMs * 1.05)
    })

    test('is free again after the window', async () => {
      const short = { count: 1, windowMs: 200 }
      const name = randomBytes(8).toString('hex')
      const limiter = createLimiter({ name, limit: short, clock: systemClock, redis: replicas[0] as Redis })
      expect(await limiter.take('somebody')).toMatchObject({ allowed: true })
      expect(await limiter.take('somebody')).toMatchObject({ allowed: false })
      await vi.waitFor(async () => expect(await limiter.take('somebody')).toMatchObject({ allowed: true }), {
        timeout: patiently(8_000),
      })
    })
  })
})

test('a rate limit counts on its own while redis is not available', async () => {
  const away = { run: async () => undefined }
  const limiter = createLimiter({ name: 'test', limit, clock: systemClock, redis: away })
  const decisions = await Promise.all(Array.from({ length: 12 }, () => limiter.take('somebody')))
  expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10)
})

test('a rate limit does not trust a strange answer of redis', async () => {
  const strange = { run: async () => ['what', 'is'] }
  const limiter = createLimiter({ name: 'test', limit, clock: systemClock, redis: strange })
  expect(await limiter.take('somebody')).toMatchObject({ allowed: true, remaining: 9 })
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('the address %s is counted as %s', (address, key) => {
  expect(clientKey(address)).toBe(key)
})
