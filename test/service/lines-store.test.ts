import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type S3Faults, startS3Faults, whenService } from '../services/index.ts'
import { shared } from './support/backing.ts'
import { raw } from './support/message.ts'
import { useService } from './support/service.ts'

const MIB = 1024 * 1024
// About 20 MiB that hardly shrink, so that every frame is a read of its own: the costliest way to lie in a store.
const line = (_: unknown, index: number) => `${index} ${Math.sin(index)} ${Math.cos(index * 7)}\n`
const content = Buffer.from(Array.from({ length: 400_000 }, line).join(''))

whenService(['sql', 's3', 'redis'], (servers) => {
  describe('lines out of a store', () => {
    let storage: S3Faults
    const service = useService({ CACHE_BYTES: `${MIB}` }, async () => {
      storage = await startS3Faults(servers.s3)
      return shared({ ...servers, s3: storage })
    })
    let slug = ''
    beforeAll(async () => {
      slug = (await service.ask(raw(content))).json().slug
    })
    afterAll(() => storage.stop())
    const readsOf = async (query: string) => {
      const before = storage.calls.filter(({ operation }) => operation === 'GetObject').length
      const answer = await service.request(`GET /raw/${slug}?${query}`)
      expect([200, 304, 416]).toContain(answer.status)
      return storage.calls.filter(({ operation }) => operation === 'GetObject').length - before
    }

    test.for(['lines=100-150', 'lines=200000-200100', 'lines=299950-300050', 'lines=399999', 'tail=200'])(
      '?%s reads one or two ranges when cold',
      async (query) => {
        const reads = await readsOf(query)
        expect(reads).toBeGreaterThanOrEqual(1)
        expect(reads).toBeLessThanOrEqual(2)
      },
    )

    test('what is known from metadata reads nothing', async () => {
      expect(await readsOf('lines=400001-')).toBe(0)
      const { etag } = (await service.request(`HEAD /raw/${slug}?lines=5-6`)).headers
      const before = storage.calls.length
      const again = await service.request(`GET /raw/${slug}?lines=5-6`, { 'If-None-Match': `${etag}` })
      expect([again.status, storage.calls.length - before]).toEqual([304, 0])
    })

    test('a search reads every range once, and none after the last match that was asked for', async () => {
      const all = await readsOf('grep=no%20such%20text')
      expect(all).toBeGreaterThan(5)
      expect(all).toBeLessThanOrEqual(Math.ceil(content.length / MIB))
      expect(await readsOf('grep=0&limit=10')).toBeLessThanOrEqual(3)
    })

    test('a store that fails in the middle breaks the connection, and before the head is 503', async () => {
      storage.fail('GetObject', { kind: 'refuse', status: 503, code: 'SlowDown' }, Number.POSITIVE_INFINITY)
      for (const query of ['lines=150000-150001', 'grep=no%20such%20text'])
        expect((await service.request(`GET /raw/${slug}?${query}`)).status, query).toBe(503)
      storage.heal()
      expect((await service.request(`GET /raw/${slug}?lines=150000-150001`)).status).toBe(200)
    })
  })
})
