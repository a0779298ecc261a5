import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { begin, patch } from '../service/support/tus.ts'
import {
  createBucket,
  type FaultProxy,
  type S3Faults,
  s3Environment,
  startFaultProxy,
  startS3Faults,
  whenService,
} from '../services/index.ts'
import { create, logText, newSlug, postRaw, send } from './client.ts'
import { type Service, startService } from './service.ts'
import { expectDegraded, expectRecovery, expectUnavailable } from './unavailable.ts'

const LARGE_BYTES = 3_000_000
/** While a store is known to be away, nobody waits for it; a part of this is what the machine needs for the body. */
const AT_ONCE_MS = patiently(1_000)

whenService('s3', ({ s3 }) => {
  describe('with a store that fails', () => {
    let storage: S3Faults
    let proxy: FaultProxy
    let service: Service
    beforeAll(async () => {
      storage = await startS3Faults(s3)
      proxy = await startFaultProxy(storage.port)
      const bucket = await createBucket(s3)
      const endpoint = `http://127.0.0.1:${proxy.port}`
      // Without a cache each read asks the store.
      service = await startService({ ...s3Environment({ ...s3, endpoint }, bucket.name), CACHE_BYTES: '0' })
    })
    afterEach(async () => {
      storage.heal()
      await proxy.set({})
    })
    afterAll(async () => {
      await service.stop()
      // Not waited for: after a black hole a link of the proxy may stay open until this process ends.
      void proxy.stop()
      await storage.stop()
    })

    /** Reads a paste whole; gives its bytes, or the status, or `broken` when the connection ended before its length. */
    async function read(slug: string): Promise<Buffer | number | 'broken'> {
      try {
        const { status, bytes } = await send(`${service.url}/raw/${slug}`)
        return status === 200 ? bytes : status
      } catch {
        return 'broken'
      }
    }

    test.each([
      ['refuses connections', { refuse: true }],
      ['accepts and never answers', { blackHole: true }],
    ])(
      'that %s: large pastes 503, small ones as ever, and back by itself',
      async (_name, fault) => {
        const before = logText(LARGE_BYTES)
        const made = await create(service.url, before)
        await proxy.set(fault)
        const slug = newSlug()
        const post = (name: string) => () => postRaw(service.url, logText(LARGE_BYTES), `slug=${name}`)
        await expectUnavailable(post(slug), ['storage_unavailable'])
        await expectUnavailable(post(newSlug()), ['storage_unavailable'], AT_ONCE_MS)
        for (const path of ['raw', 'download', 'api/paste/content'])
          await expectUnavailable(
            () => send(`${service.url}/${path}/${made.slug}`),
            ['storage_unavailable'],
            AT_ONCE_MS,
          )
        const small = await create(service.url, 'small')
        expect((await send(`${service.url}/raw/${small.slug}`)).bytes.toString()).toBe('small')
        await expectDegraded(service.url, 'store')
        await proxy.set({})
        await expectRecovery(service.url, logText(LARGE_BYTES))
        expect(await read(made.slug)).toEqual(before)
        expect((await create(service.url, before, `slug=${slug}`)).slug).toBe(slug)
      },
      patiently(30_000),
    )

    test(
      'that takes 2 MB a second is waited for',
      async () => {
        await proxy.set({ toServerBytesPerSecond: 2_000_000 })
        const bytes = randomBytes(9_000_000)
        const { slug } = await create(service.url, bytes)
        await proxy.set({ toClientBytesPerSecond: 2_000_000 })
        expect(await read(slug)).toEqual(bytes)
      },
      patiently(60_000),
    )

    test.each([
      ['stops in the middle', { kind: 'stall', afterBytes: 1_000 }],
      ['ends in the middle', { kind: 'truncate', afterBytes: 1_000 }],
      ['changes a byte', { kind: 'flip', atByte: 1_000 }],
      ['has forgotten the bucket', { kind: 'refuse', status: 404, code: 'NoSuchBucket' }],
      ['is asked to slow down', { kind: 'refuse', status: 503, code: 'SlowDown' }],
    ] as const)(
      'that %s while a paste is read never sends half of it as a whole',
      async (_name, fault) => {
        const bytes = logText(LARGE_BYTES)
        const made = await create(service.url, bytes)
        storage.fail('GetObject', fault, Number.POSITIVE_INFINITY)
        const startedAt = performance.now()
        expect([502, 503, 'broken']).toContain(await read(made.slug))
        expect(performance.now() - startedAt).toBeLessThan(patiently(12_000))
        storage.heal()
        expect(await read(made.slug)).toEqual(bytes)
      },
      patiently(30_000),
    )

    test('that changes a byte of what no compressor could shrink is found out, counted and shown', async () => {
      const bytes = randomBytes(LARGE_BYTES)
      const made = await create(service.url, bytes)
      const flip = { kind: 'flip', atByte: 500_000 } as const
      storage.fail('GetObject', flip)
      expect(await read(made.slug)).toEqual(bytes)
      storage.fail('GetObject', flip, Number.POSITIVE_INFINITY)
      expect([503, 'broken']).toContain(await read(made.slug))
      storage.heal()
      expect(await read(made.slug)).toEqual(bytes)
      const metrics = (await send(`${service.url}/metrics`)).bytes.toString()
      expect(metrics).toMatch(/^paste_damaged_reads_total\{fate="mended"\} [1-9]/m)
      expect(metrics).toMatch(/^paste_damaged_reads_total\{fate="refused"\} [1-9]/m)
      await expect
        .poll(async () => JSON.parse(`${(await send(`${service.url}/health/ready`)).bytes}`).parts, {
          timeout: patiently(5_000),
        })
        .toMatchObject({ store: 'ok', 'store bytes': 'unavailable' })
      const page = await send(`${service.url}/performance`, { headers: { accept: 'text/html' } })
      expect(page.bytes.toString()).toContain('Not available here: store bytes.')
    })

    test('that gives a part of an upload back wrong makes no paste of it', async () => {
      const bytes = randomBytes(LARGE_BYTES)
      const { url, slug } = await begin(service.url, bytes.length)
      const last = bytes.length - 1
      expect((await patch(url, 0, bytes.subarray(0, last))).status).toBe(204)
      storage.fail('GetObject', { kind: 'flip', atByte: 500_000 }, Number.POSITIVE_INFINITY)
      expect((await patch(url, last, bytes.subarray(last))).status).toBe(503)
      storage.heal()
      expect(await read(slug)).toBe(404)
      expect((await patch(url, last, bytes.subarray(last))).status).toBe(204)
      expect(await read(slug)).toEqual(bytes)
    })

    test.each([
      ['loses the reply', { kind: 'loseReply' }],
      ['answers 200 with an error in it', { kind: 'errorIn200', code: 'InternalError' }],
      ['keeps a part of it only', { kind: 'storePart', bytes: 100 }],
      ['denies it', { kind: 'refuse', status: 403, code: 'AccessDenied' }],
    ] as const)('that %s when a paste is written: it is there in full, or nothing is', async (_name, fault) => {
      const slug = newSlug()
      const bytes = logText(LARGE_BYTES)
      storage.fail('PutObject', fault)
      const answer = await postRaw(service.url, bytes, `slug=${slug}`)
      storage.heal()
      if (answer.status === 201) expect(await read(slug)).toEqual(bytes)
      else {
        expect(answer.status).toBe(503)
        expect(await read(slug)).toBe(404)
        expect((await create(service.url, bytes, `slug=${slug}`)).slug).toBe(slug)
      }
    })

    test('that fails before the first byte of a read-once paste gives the reading back', async () => {
      const bytes = logText(LARGE_BYTES)
      const { slug } = await create(service.url, bytes, 'burnAfterReading=true')
      const claim = () => send(`${service.url}/api/v1/pastes/${slug}/claim`, { method: 'POST' })
      await proxy.set({ refuse: true })
      expect((await claim()).status).toBe(503)
      await proxy.set({})
      await expect.poll(async () => (await claim()).status, { timeout: patiently(5_000) }).toBe(200)
      expect((await claim()).status).toBe(410)
    })

    test('and a reader who leaves before the first byte of a read-once paste leaves it unread', async () => {
      const { slug } = await create(service.url, logText(LARGE_BYTES), 'burnAfterReading=true')
      const claim = (signal?: AbortSignal) =>
        fetch(`${service.url}/api/v1/pastes/${slug}/claim`, { method: 'POST', signal: signal ?? null })
      storage.fail('GetObject', { kind: 'hang' }, Number.POSITIVE_INFINITY)
      const readsBefore = storage.calls.length
      const leaving = new AbortController()
      const left = claim(leaving.signal).catch(() => 'left')
      await expect.poll(() => storage.calls.length).toBeGreaterThan(readsBefore)
      leaving.abort()
      expect(await left).toBe('left')
      storage.heal()
      await expect.poll(async () => (await claim()).status, { timeout: patiently(5_000) }).toBe(200)
    })
  })
})
