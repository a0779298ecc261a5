import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { Redis as Client } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Logger, systemClock } from '../../../src/core/index.ts'
import { createRedis, type Redis, redisScript } from '../../../src/platform/redis/index.ts'
import { redisUrl } from '../../../src/settings/redis-url.ts'
import { patiently } from '../../patience.ts'
import { freePort, type RedisServer, startRedis, whenService } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

const connect = (url: string, logger: Logger = silentLogger) =>
  createRedis({ target: redisUrl(url), logger, clock: systemClock })
/** Publishes by another process and waits for it without running the event loop of this one. */
const publishFromElsewhere = (port: number, channel: string, message: string) =>
  execFileSync(process.execPath, ['-e', PUBLISH, `${port}`, `PUBLISH ${channel} ${message}\r\n`])
const PUBLISH = `const socket = require('node:net').connect(process.argv[1], '127.0.0.1')
socket.write(process.argv[2])
socket.once('data', () => socket.destroy())`
const connected = (redis: Redis) =>
  vi.waitFor(() => expect(redis.state().connected).toBe(true), { interval: 5, timeout: patiently(8_000) })
async function timed<Result>(call: Promise<Result>) {
  const startedAt = performance.now()
  return { result: await call, tookMs: performance.now() - startedAt }
}

whenService('redis', ({ redis: shared }) => {
  describe('redis', () => {
    let redis: Redis
    const key = () => `test:${randomBytes(8).toString('hex')}`
    beforeAll(async () => {
      redis = await connect(shared.url)
      await connected(redis)
    })
    afterAll(() => redis.close())

    test('gives bytes back as they were, and null for what is not there', async () => {
      const [name, bytes] = [key(), randomBytes(4096)]
      expect(await redis.get(name)).toBeNull()
      expect(await redis.set(name, bytes, 60_000)).toBe(true)
      expect(await redis.get(name)).toEqual(bytes)
    })

    test('keeps what is there when asked to set only if absent', async () => {
      const name = key()
      expect(await redis.set(name, Buffer.from('one'), 60_000, { onlyIfAbsent: true })).toBe(true)
      expect(await redis.set(name, Buffer.from('two'), 60_000, { onlyIfAbsent: true })).toBe(false)
      expect(await redis.get(name)).toEqual(Buffer.from('one'))
    })

    test('runs a script that the server has never seen, and once more', async () => {
      const script = redisScript(`-- ${key()}\nreturn {KEYS[1], ARGV[1]}`)
      expect(await redis.run(script, ['k'], [7])).toEqual(['k', '7'])
      expect(await redis.run(script, ['k'], [8])).toEqual(['k', '8'])
    })

    test('takes an error of the server for a miss, and counts it', async () => {
      const before = redis.state().failures
      expect(await redis.run(redisScript("return redis.call('NONSENSE')"), [], [])).toBeUndefined()
      expect(redis.state().failures).toBe(before + 1)
    })

    test('logs why a command failed, and not what was sent with it', async () => {
      const lines: object[] = []
      const logger = { ...silentLogger, debug: (fields: object) => void lines.push(fields) }
      const talkative = await connect(shared.url, logger)
      await connected(talkative)
      expect(await talkative.run(redisScript("return redis.call('NONSENSE')"), [], ['canary'])).toBeUndefined()
      expect(inspect(lines, { depth: 10 })).toContain('Unknown Redis command')
      expect(inspect(lines, { depth: 10 })).not.toContain('canary')
      await talkative.close()
    })

    test('says when listening begins, then delivers each message after its value stands', async () => {
      const [channel, name] = [key(), key()]
      const heard: string[] = []
      const start = Promise.withResolvers<void>()
      redis.subscribe(channel, { onMessage: (message) => heard.push(message), onStart: start.resolve })
      await start.promise
      expect(redis.state().listening).toBe(true)
      expect(await redis.setAndTell(name, Buffer.from('value'), 60_000, channel, 'hello')).toBe(1)
      expect(await redis.get(name)).toEqual(Buffer.from('value'))
      await vi.waitFor(() => expect(heard).toEqual(['hello']), { interval: 5, timeout: patiently(8_000) })
    })

    test('reports the start of listening before a message that arrives together with it', async () => {
      const [first, second] = [key(), key()]
      const heard: string[] = []
      const start = Promise.withResolvers<void>()
      redis.subscribe(first, { onMessage: () => {}, onStart: start.resolve })
      await start.promise
      redis.subscribe(second, { onMessage: (message) => heard.push(message), onStart: () => heard.push('(start)') })
      // This process reads nothing meanwhile, so that it finds the answer to SUBSCRIBE and the message in one piece.
      publishFromElsewhere(shared.port, second, 'hello')
      await vi.waitFor(() => expect(heard).toContain('hello'), { interval: 5, timeout: patiently(8_000) })
      expect(heard).toEqual(['(start)', 'hello'])
    })
  })

  describe('redis that fails', () => {
    let server: RedisServer
    beforeAll(async () => {
      server = await startRedis()
    })
    afterAll(() => server.stop())

    test('that was never there is a miss at once', async () => {
      const redis = await connect(`redis://127.0.0.1:${await freePort()}`)
      const { result, tookMs } = await timed(redis.get('x'))
      expect(result).toBeUndefined()
      expect(tookMs).toBeLessThan(patiently(200))
      await redis.close()
    })

    test('that hangs costs one call some 100 ms, and the next ones nothing, until it is back', async () => {
      const redis = await connect(server.url)
      await connected(redis)
      server.pause()
      const first = await timed(redis.get('x'))
      expect(first.result).toBeUndefined()
      expect(first.tookMs).toBeLessThan(patiently(400))
      const next = await timed(redis.get('x'))
      expect(next.result).toBeUndefined()
      expect(next.tookMs).toBeLessThan(patiently(50))
      expect(redis.state().breaker).toBe('open')
      server.resume()
      await vi.waitFor(async () => expect(await redis.get('x')).toBeNull(), { interval: 50, timeout: patiently(6_000) })
      expect(redis.state().breaker).toBe('closed')
      await redis.close()
    })

    test('that dies and comes back is used again, listeners included, who are told of the gap', async () => {
      const redis = await connect(server.url)
      const heard: string[] = []
      redis.subscribe('news', { onMessage: (message) => heard.push(message), onStart: () => heard.push('(start)') })
      await vi.waitFor(() => expect(heard).toEqual(['(start)']), { interval: 5, timeout: patiently(8_000) })
      await connected(redis)
      await server.kill()
      expect(await redis.set('x', Buffer.from('x'), 1_000)).toBeUndefined()
      await vi.waitFor(() => expect(redis.state().listening).toBe(false), { interval: 5, timeout: patiently(8_000) })
      await server.restart()
      const tell = () => redis.setAndTell('x', Buffer.from('x'), 1_000, 'news', 'back')
      await vi.waitFor(async () => expect(await tell()).toBe(1), { interval: 20, timeout: patiently(6_000) })
      await vi.waitFor(() => expect(heard).toEqual(['(start)', '(start)', 'back']), {
        interval: 5,
        timeout: patiently(8_000),
      })
      await redis.close()
    })

    test('that ends only the listening connection is listened to again', async () => {
      const redis = await connect(server.url)
      let starts = 0
      redis.subscribe('news', { onMessage: () => {}, onStart: () => starts++ })
      await vi.waitFor(() => expect(starts).toBe(1), { interval: 5, timeout: patiently(8_000) })
      const operator = new Client(server.port)
      await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await vi.waitFor(() => expect(starts).toBe(2), { interval: 5, timeout: patiently(3_000) })
      operator.disconnect()
      await redis.close()
    })
  })
})
