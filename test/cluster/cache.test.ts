import { zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer, type Created, create, logText, newSlug, send, until } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { underLoad } from './load.ts'

const MIB = 1024 * 1024
const MOST_MS = patiently(5_000)

whenService(['sql', 's3', 'redis', 'nginx'], (servers) => {
  describe('nginx with its cache', { timeout: patiently(60_000) }, () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster(servers, 2, {}, { front: { cache: true } })
    }, patiently(60_000))
    afterAll(() => cluster.stop(), patiently(60_000))

    const raw = (slug: string, headers: Record<string, string> = {}, method = 'GET') =>
      send(`${cluster.url}/raw/${slug}`, { method, headers })
    const change = ({ slug, editToken }: Created, method: string, path = '', body?: Buffer) =>
      send(`${cluster.url}/api/v1/pastes/${slug}${path}`, {
        method,
        headers: { ...bearer(editToken), 'content-type': 'text/plain' },
        ...(body && { body: Uint8Array.from(body) }),
      })
    const cacheOf = (answer: { headers: Headers }) => answer.headers.get('x-cache-status')

    test('bytes come from it the second time, after a replica said that they still hold', async () => {
      const bytes = logText(3 * MIB)
      const { slug } = await create(cluster.url, bytes)
      const states: (string | null)[] = []
      for (let count = 0; count < 3; count++) {
        const answer = await raw(slug)
        expect([answer.status, answer.bytes.equals(bytes)]).toEqual([200, true])
        expect(answer.headers.get('x-accel-expires')).toBeNull()
        expect(answer.headers.get('cache-control')).toBe('public, no-cache')
        states.push(cacheOf(answer))
      }
      expect(states).toEqual(['MISS', 'REVALIDATED', 'REVALIDATED'])
    })

    test('who accepts zstd and who does not each get their own bytes, in any order', async () => {
      const bytes = logText(MIB)
      const { slug } = await create(cluster.url, bytes)
      for (let count = 0; count < 3; count++) {
        const plain = await raw(slug)
        expect([plain.headers.get('content-encoding'), plain.bytes.equals(bytes)]).toEqual([null, true])
        const packed = await raw(slug, { 'accept-encoding': 'zstd' })
        expect(packed.headers.get('content-encoding')).toBe('zstd')
        // Fetch of some versions undoes it by itself.
        const content = packed.bytes.equals(bytes) ? packed.bytes : zstdDecompressSync(packed.bytes)
        expect(content.equals(bytes)).toBe(true)
      }
    })

    test('a range is that of the content, whether or not a copy is kept', async () => {
      const bytes = logText(3 * MIB)
      const { slug } = await create(cluster.url, bytes)
      for (let count = 0; count < 2; count++) {
        const part = await raw(slug, { range: 'bytes=1048570-1048585', 'accept-encoding': 'zstd' })
        expect(part.status).toBe(206)
        expect(part.headers.get('content-range')).toBe(`bytes 1048570-1048585/${3 * MIB}`)
        expect(part.bytes.equals(bytes.subarray(1_048_570, 1_048_586))).toBe(true)
        expect((await raw(slug, { range: `bytes=${4 * MIB}-` })).status).toBe(416)
        await raw(slug)
      }
    })

    test('a client that has them hears so, and HEAD gets no bytes', async () => {
      const { slug } = await create(cluster.url, logText(MIB))
      for (let count = 0; count < 2; count++) {
        const { headers } = await raw(slug)
        const tag = headers.get('etag') ?? ''
        expect((await raw(slug, { 'if-none-match': tag })).status).toBe(304)
        expect((await raw(slug, { 'if-none-match': '"other"' })).status).toBe(200)
        const head = await raw(slug, {}, 'HEAD')
        expect([head.headers.get('content-length'), head.bytes.length]).toEqual([`${MIB}`, 0])
      }
    })

    test('what was edited or deleted is so for everybody within five seconds, as without it', async () => {
      const paste = await create(cluster.url, logText(MIB))
      await raw(paste.slug)
      const edited = logText(MIB)
      expect((await change(paste, 'PUT', '/content', edited)).status).toBe(200)
      // Both replicas in turn.
      const reads = async () => [await raw(paste.slug), await raw(paste.slug)]
      await until(reads, (answers) => answers.every(({ bytes }) => bytes.equals(edited)), MOST_MS)
      expect((await change(paste, 'DELETE')).status).toBe(204)
      await until(reads, (answers) => answers.every(({ status }) => status === 410), MOST_MS)
    })

    test('what has expired is gone within a second', async () => {
      const { slug, expiresAt } = await create(cluster.url, logText(MIB), 'expiresIn=3s')
      const endsAt = Date.parse(expiresAt ?? '')
      const seenAt: number[] = []
      while (Date.now() < endsAt + 2_000) {
        const askedAt = Date.now()
        const { status } = await raw(slug)
        if (status === 200) seenAt.push(askedAt)
      }
      expect(seenAt.length).toBeGreaterThan(1)
      expect((seenAt.at(-1) ?? 0) - endsAt).toBeLessThan(1_000)
    })

    test('nothing private, nothing read once, no page and no error is kept', async () => {
      const hidden = await create(cluster.url, logText(MIB), 'visibility=private')
      const once = await create(cluster.url, 'secret', 'burnAfterReading=true')
      const open = await create(cluster.url, 'open')
      const addresses = [
        `/raw/${hidden.slug}`,
        `/raw/${once.slug}`,
        `/raw/${newSlug()}`,
        `/api/v1/pastes/${open.slug}`,
        `/${open.slug}`,
        '/',
      ]
      for (const address of addresses) {
        const states = [await send(cluster.url + address), await send(cluster.url + address)].map(cacheOf)
        expect([address, states.includes('HIT') || states.includes('REVALIDATED')]).toEqual([address, false])
      }
      const claimed = await send(`${cluster.url}/api/v1/pastes/${once.slug}/claim`, { method: 'POST' })
      expect([claimed.status, cacheOf(claimed)]).toEqual([200, null])
    })

    // The last one: it leaves no replica.
    test('a copy is no use without a replica that vouches for it, and one replica is enough', async () => {
      const [first, second] = cluster.replicas
      const seen = await underLoad(cluster.url, { readers: 4, writers: 0 }, async () => first?.kill('SIGKILL'))
      expect(seen.failures).toEqual([])
      const { slug } = await create(cluster.url, logText(MIB))
      await raw(slug)
      await second?.kill('SIGKILL')
      expect((await raw(slug)).status).toBe(502)
    })
  })
})
