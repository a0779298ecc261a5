import { createHash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { onBothLanes } from './support/lanes.ts'
import { raw } from './support/message.ts'

const log = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `${index}: a line of a log\n`).join(''))
const noise = createHash('shake256', { outputLength: 2_500_000 }).update('noise').digest()
const small = Buffer.from('a small text, kept in its row\n')

onBothLanes('reading a paste', (service) => {
  const bodies = [
    { what: 'a log', content: log, slug: '' },
    { what: 'noise', content: noise, slug: '' },
    { what: 'a small text', content: small, slug: '' },
  ]
  beforeAll(async () => {
    for (const body of bodies) body.slug = (await service.ask(raw(body.content))).json().slug
  })

  describe.for(bodies)('of $what', (body) => {
    test('any byte range is exactly that part of it', { timeout: patiently(30_000) }, async () => {
      const size = body.content.length
      const span = fc
        .tuple(fc.nat(size - 1), fc.nat(size - 1))
        .map(([a, b]) => ({ start: Math.min(a, b), last: Math.max(a, b) }))
      await fc.assert(
        fc.asyncProperty(span, async ({ start, last }) => {
          const read = await service.request(`GET /raw/${body.slug}`, { Range: `bytes=${start}-${last}` })
          expect(read.status).toBe(206)
          expect(read.headers['content-range']).toBe(`bytes ${start}-${last}/${size}`)
          expect(read.body.equals(body.content.subarray(start, last + 1))).toBe(true)
        }),
        { numRuns: 40 },
      )
    })

    test('HEAD gives the head of GET and no body', async () => {
      const [head, get] = [
        await service.request(`HEAD /raw/${body.slug}`),
        await service.request(`GET /raw/${body.slug}`),
      ]
      const { date: _, 'x-request-id': __, ...expected } = get.headers
      expect(head.status).toBe(200)
      expect(head.headers).toMatchObject(expected)
      expect(head.body).toHaveLength(0)
    })

    test('HEAD ignores a range', async () => {
      const head = await service.request(`HEAD /raw/${body.slug}`, { Range: 'bytes=0-0' })
      expect([head.status, head.headers['content-length']]).toEqual([200, `${body.content.length}`])
    })

    test('the three addresses give the same bytes', async () => {
      for (const path of [`/${body.slug}`, `/download/${body.slug}`, `/api/v1/pastes/${body.slug}/content`])
        expect((await service.request(`GET ${path}`)).body.equals(body.content), path).toBe(true)
    })
  })

  test('who accepts zstd gets it as it is stored, under a tag of its own', async () => {
    const path = `/raw/${bodies[0]?.slug}`
    const [plain, packed] = [
      await service.request(`GET ${path}`),
      await service.request(`GET ${path}`, { 'Accept-Encoding': 'gzip, zstd;q=0.5' }),
    ]
    expect(packed.headers['content-encoding']).toBe('zstd')
    expect(packed.body.length).toBeLessThan(log.length / 4)
    expect(Number(packed.headers['content-length'])).toBe(packed.body.length)
    expect(zstdDecompressSync(packed.body).equals(log)).toBe(true)
    expect(packed.headers.etag).not.toBe(plain.headers.etag)
    expect([plain.headers.vary, packed.headers.vary]).toEqual(['Accept-Encoding', 'Accept-Encoding'])
  })

  test.for(['zstd;q=0', 'gzip', '*', 'identity'])('who accepts %s gets identity', async (accepted) => {
    const read = await service.request(`GET /raw/${bodies[0]?.slug}`, { 'Accept-Encoding': accepted })
    expect(read.headers['content-encoding']).toBeUndefined()
    expect(read.body.equals(log)).toBe(true)
  })

  test('a range is of identity, also for who accepts zstd', async () => {
    const fields = { Range: 'bytes=5-9', 'Accept-Encoding': 'zstd' }
    const read = await service.request(`GET /raw/${bodies[0]?.slug}`, fields)
    expect(read.status).toBe(206)
    expect(read.headers['content-encoding']).toBeUndefined()
    expect(read.body.equals(log.subarray(5, 10))).toBe(true)
  })

  test('the tag of the stored form is known too', async () => {
    const path = `/raw/${bodies[0]?.slug}`
    const { etag } = (await service.request(`HEAD ${path}`, { 'Accept-Encoding': 'zstd' })).headers
    expect(
      (await service.request(`GET ${path}`, { 'If-None-Match': `${etag}`, 'Accept-Encoding': 'zstd' })).status,
    ).toBe(304)
  })

  test('its metadata has a tag, and 304 for who holds it', async () => {
    const path = `/api/v1/pastes/${bodies[0]?.slug}`
    const read = await service.request(`GET ${path}`)
    expect(read.json()).toMatchObject({ size: log.length, lines: 60_000 })
    expect(read.json()).not.toHaveProperty('editToken')
    expect((await service.request(`GET ${path}`, { 'If-None-Match': `${read.headers.etag}` })).status).toBe(304)
  })

  test('64 readers of one cold paste all get it whole', async () => {
    const { slug } = (await service.ask(raw(log))).json()
    const reads = await Promise.all(Array.from({ length: 64 }, () => service.request(`GET /raw/${slug}`)))
    expect(reads.every(({ body }) => body.equals(log))).toBe(true)
  })
})
