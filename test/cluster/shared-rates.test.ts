import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { type RedisServer, startRedis, whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'

const MIB = 1024 * 1024
const REPLICAS = 3
const LIMIT = 20

/** Ways in which a client may claim to be somebody else; `index` makes another somebody of each request. */
const SPOOFS: ((index: number) => Record<string, string>)[] = [
  (index) => ({ 'x-forwarded-for': `10.9.8.${index}` }),
  (index) => ({ 'x-forwarded-for': `10.9.8.${index}, 127.0.0.1` }),
  (index) => ({ 'x-forwarded-for': `127.0.0.1, 10.9.8.${index}` }),
  (index) => ({ 'x-forwarded-for': `2001:db8:${index.toString(16)}::1` }),
  (index) => ({ 'x-forwarded-for': `"10.9.8.${index}:1234"` }),
  (index) => ({ forwarded: `for=10.9.8.${index};proto=https` }),
  (index) => ({ 'x-real-ip': `10.9.8.${index}` }),
  (index) => ({ 'x-client-ip': `10.9.8.${index}`, 'true-client-ip': `10.9.8.${index}` }),
  (index) => ({ 'cf-connecting-ip': `10.9.8.${index}` }),
  (index) => ({ 'x-forwarded-for': `unknown, ,;${index}`, 'x-forwarded-host': `10.9.8.${index}` }),
]

type Sent = { status: number; headers: IncomingHttpHeaders }

/** Sends a request from a loopback address of one's own, which nobody trusts. */
async function sendFrom(
  address: string,
  { url, method = 'POST', headers = {}, body }: { url: string; method?: string; headers?: object; body?: Buffer },
): Promise<Sent> {
  const sent = request(url, { method, localAddress: address, agent: false, headers: { ...headers } })
  // A server that refuses a body may close the connection while it is still being sent.
  sent.on('error', () => {})
  sent.end(body)
  const [answer] = await once(sent, 'response')
  answer.resume()
  return { status: answer.statusCode, headers: answer.headers }
}

whenService(['sql', 's3', 'redis', 'nginx'], ({ sql, s3 }) => {
  describe('three replicas with rate limits', { timeout: patiently(60_000) }, () => {
    let redis: RedisServer
    let cluster: Cluster
    let lastClient = 10
    const newClient = () => `127.0.0.${lastClient++}`
    const replica = (index: number) => cluster.replicas[index % REPLICAS]?.directUrl ?? ''

    beforeAll(async () => {
      redis = await startRedis()
      const limits = { RATE_LIMIT_CREATE: `${LIMIT}/hour`, RATE_LIMIT_MISS: `${LIMIT}/hour` }
      const uploads = { RATE_LIMIT_UPLOAD: '4MiB/hour', MAX_UPLOADS: '100' }
      cluster = await startCluster({ sql, s3, redis }, REPLICAS, { ...limits, ...uploads })
    })
    afterAll(async () => {
      await cluster?.stop()
      await redis?.stop()
    })

    /** `count` requests at once, to the replicas in turn or to nginx, each claiming to be somebody else. */
    function flood(count: number, one: (base: string, headers: object) => Promise<Sent>, base?: string) {
      const sent = Array.from({ length: count }, (_, index) =>
        one(base ?? replica(index), SPOOFS[index % SPOOFS.length]?.(index) ?? {}),
      )
      return Promise.all(sent)
    }

    /** Calls of all replicas so far for which Redis was not available. */
    async function doneWithout(): Promise<number> {
      const texts = cluster.replicas.map(async ({ directUrl }) => (await fetch(`${directUrl}/metrics`)).text())
      const counts = (await Promise.all(texts)).map((text) =>
        Number(/^paste_redis_bypassed_total (\d+)/m.exec(text)?.[1]),
      )
      return counts.reduce((sum, count) => sum + count)
    }

    /** A flood by a new client, once more by another one where the machine was too busy for Redis to answer in time. */
    async function whileRedisAnswers(floodBy: (client: string) => Promise<Sent[]>): Promise<Sent[]> {
      for (;;) {
        const before = await doneWithout()
        const answers = await floodBy(newClient())
        if ((await doneWithout()) === before) return answers
      }
    }

    const create = (client: string) => (base: string, headers: object) =>
      sendFrom(client, {
        url: `${base}/api/v1/pastes`,
        headers: { ...headers, 'content-type': 'text/plain' },
        body: Buffer.from('text'),
      })
    const refused = (sent: Sent[]) => sent.filter(({ status }) => status === 429)
    /** Those that a limit let through, whatever became of them: a database that is too busy says 503. */
    const letThrough = (sent: Sent[]) => sent.length - refused(sent).length

    test('let the limit through together, whoever a client claims to be', async () => {
      const answers = await whileRedisAnswers((client) => flood(60, create(client)))
      expect(letThrough(answers)).toBe(LIMIT)
      for (const { headers } of refused(answers)) {
        expect(Number(headers['retry-after'])).toBeGreaterThan(0)
        expect(headers.ratelimit).toMatch(/^"create";r=0;t=\d+/)
      }
    })

    test('let the limit through together behind nginx', async () => {
      const answers = await whileRedisAnswers((client) => flood(60, create(client), cluster.url))
      expect(letThrough(answers)).toBe(LIMIT)
    })

    test('count misses together', async () => {
      const miss = (client: string) => (base: string, headers: object) =>
        sendFrom(client, { url: `${base}/raw/nothing`, method: 'GET', headers })
      const answers = await whileRedisAnswers((client) => flood(60, miss(client)))
      expect(letThrough(answers)).toBe(LIMIT)
    })

    test.each([
      ['of declared length', {}],
      ['in chunks', { 'transfer-encoding': 'chunked' }],
    ])('let no more bytes in together than the limit, %s', async (_, how) => {
      const body = Buffer.alloc(MIB, 'x')
      const upload = (client: string) => (base: string, headers: object) =>
        sendFrom(client, { url: `${base}/`, method: 'PUT', headers: { ...headers, ...how }, body })
      const answers = await whileRedisAnswers((client) => flood(12, upload(client)))
      expect(letThrough(answers)).toBe(4)
    })

    test('count each on its own while Redis is away, and together again when it is back', async () => {
      await redis.kill()
      const answers = await flood(90, create(newClient()))
      expect(letThrough(answers)).toBe(3 * LIMIT)
      await redis.restart()
      const later = async () => letThrough(await flood(60, create(newClient())))
      await expect.poll(later, { timeout: patiently(10_000), interval: 200 }).toBe(LIMIT)
    })
  })
})
