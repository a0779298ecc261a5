import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Clock, systemClock } from '../../../src/core/index.ts'
import { createLimiter, createUploadMeter, type Decision, type Limiter } from '../../../src/platform/limiter/index.ts'
import { createRedis, type Redis } from '../../../src/platform/redis/index.ts'
import { redisUrl } from '../../../src/settings/redis-url.ts'
import { patiently } from '../../patience.ts'
import { whenService } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

const MIB = 1024 * 1024
const limit = { count: 8 * MIB, windowMs: 3_600_000 }

function inMemory(clock: Clock = systemClock): Limiter {
  return createLimiter({ name: 'upload', limit, clock })
}

function meter(
  limiter: Limiter,
  declaredBytes: number | undefined,
  onDecision: (decision: Decision) => void = () => {},
) {
  const refuse = () => new Error('refused')
  return createUploadMeter({ limiter, client: 'somebody', declaredBytes, onDecision, refuse })
}

const left = async (limiter: Limiter) => (await limiter.take('somebody', 0)).remaining

describe('a meter of uploads', () => {
  test('takes a declared length before a byte came, and asks no more', async () => {
    const limiter = inMemory()
    const upload = meter(limiter, 3 * MIB)
    expect(await upload.begin()).toMatchObject({ allowed: true })
    expect(await left(limiter)).toBe(5 * MIB)
    expect(upload.pass(3 * MIB)).toBeUndefined()
    upload.end()
    expect(await left(limiter)).toBe(5 * MIB)
  })

  test('takes nothing for a declared length over what is left', async () => {
    const limiter = inMemory()
    expect(await meter(limiter, 9 * MIB).begin()).toMatchObject({ allowed: false, remaining: 8 * MIB })
    expect(await left(limiter)).toBe(8 * MIB)
  })

  test('takes a body of unknown length part by part, until there is none left', async () => {
    const limiter = inMemory()
    const upload = meter(limiter, undefined)
    await upload.begin()
    for (let part = 0; part < 8; part++) await upload.pass(MIB)
    await expect(upload.pass(1)).rejects.toThrow('refused')
  })

  test('gives nothing back to a window that is over', async () => {
    let now = 1_800_000_000_000
    const limiter = inMemory({ now: () => now })
    const upload = meter(limiter, 8 * MIB)
    await upload.begin()
    now += 2 * limit.windowMs
    upload.end()
    expect(await left(limiter)).toBe(8 * MIB)
  })

  test('of uploads at once counts in the end what came, and never lets more than the limit through', async () => {
    const upload = fc.record({
      declared: fc.boolean(),
      bytes: fc.integer({ min: 1, max: 3 * MIB }),
      came: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(upload, { maxLength: 12 }), async (uploads) => {
        const limiter = inMemory()
        let passed = 0
        const running = uploads.map(async ({ declared, bytes, came }) => {
          const one = meter(limiter, declared ? bytes : undefined)
          if ((await one.begin()).allowed) {
            const chunks = Math.ceil((bytes * came) / 65_536)
            for (let chunk = 0; chunk < chunks; chunk++) {
              const chunkBytes = Math.min(65_536, Math.floor(bytes * came) - chunk * 65_536)
              passed += chunkBytes
              try {
                await one.pass(chunkBytes)
              } catch {
                // What came and was refused is not counted.
                passed -= chunkBytes
                break
              }
            }
          }
          one.end()
        })
        await Promise.all(running)
        expect(passed).toBeLessThanOrEqual(limit.count)
        // Of the last part of a body that was cut off, up to a chunk stays taken.
        expect(Math.abs((await left(limiter)) - (limit.count - passed))).toBeLessThanOrEqual(12 * 65_536)
      }),
    )
  })
})

whenService('redis', ({ redis: { url } }) => {
  describe('a meter of uploads that replicas share', () => {
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

    function onAllReplicas(): Limiter[] {
      const name = randomBytes(8).toString('hex')
      return replicas.map((redis) => createLimiter({ name, limit, clock: systemClock, redis }))
    }

    test('lets no more in than the limit, and has back what did not come', async () => {
      const limiters = onAllReplicas()
      const meters = Array.from({ length: 12 }, (_, index) => meter(limiters[index % 3] as Limiter, MIB))
      const decisions = await Promise.all(meters.map((one) => one.begin()))
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(8)
      for (const [index, one] of meters.entries()) {
        if (decisions[index]?.allowed) one.pass(1_000)
        one.end()
      }
      const remaining = () => left(limiters[0] as Limiter)
      await vi.waitFor(async () => expect(await remaining()).toBe(limit.count - 8_000), {
        interval: 5,
        timeout: patiently(8_000),
      })
    })

    test('that is emptied meanwhile takes nothing below nothing', async () => {
      const [limiter] = onAllReplicas() as [Limiter]
      const decision = await limiter.take('somebody', MIB)
      limiter.giveBack('somebody', decision, 5 * MIB)
      limiter.giveBack('nobody', decision, 5 * MIB)
      await vi.waitFor(async () => expect(await left(limiter)).toBe(8 * MIB), {
        interval: 5,
        timeout: patiently(8_000),
      })
      expect(await limiter.take('nobody', 0)).toMatchObject({ remaining: 8 * MIB })
    })
  })
})
