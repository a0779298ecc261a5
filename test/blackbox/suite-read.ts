import { zstdDecompressSync } from 'node:zlib'
import { request } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Created, codeOf, create, json, logText, newSlug, send } from './client.ts'
import type { Replicas } from './suite.ts'

const MIB = 1024 * 1024

/** Reading: whole, in ranges, on conditions, encoded, and what is not there. */
export function readSuite(replicas: () => Replicas): void {
  describe.each([
    ['a paste in its row', 3_000],
    ['a paste in the store', 2 * MIB + 12_345],
  ])('reading %s', (_name, sizeBytes) => {
    const bytes = logText(sizeBytes)
    let made: Created
    const content = () => `${replicas().other}/api/v1/pastes/${made.slug}/content`
    const range = (value: string, headers = {}) => send(content(), { headers: { range: value, ...headers } })
    beforeAll(async () => {
      made = await create(replicas().one, bytes)
    })

    test.each([
      ['bytes=0-0', 0, 1],
      ['bytes=-1', sizeBytes - 1, sizeBytes],
      ['bytes=100-', 100, sizeBytes],
      [`bytes=${sizeBytes - 200}-999999999`, sizeBytes - 200, sizeBytes],
      [
        `bytes=${Math.floor(sizeBytes / 2) - 500}-${Math.floor(sizeBytes / 2) + 499}`,
        Math.floor(sizeBytes / 2) - 500,
        Math.floor(sizeBytes / 2) + 500,
      ],
    ])('%s gives exactly these bytes', async (value, start, end) => {
      const answer = await range(value)
      expect(answer.status).toBe(206)
      expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${sizeBytes}`)
      expect(answer.bytes.equals(bytes.subarray(start, end))).toBe(true)
    })

    test.each([`bytes=${sizeBytes}-`, 'bytes=-0'])('%s lies outside', async (value) => {
      const answer = await range(value)
      expect([answer.status, codeOf(answer)]).toEqual([416, 'range_not_satisfiable'])
      expect(answer.headers.get('content-range')).toBe(`bytes */${sizeBytes}`)
    })

    test.each(['bytes=5-4', 'bytes=abc', 'bytes=0-1,5-6', 'lines=1-2'])('%s is ignored', async (value) => {
      const answer = await range(value)
      expect([answer.status, answer.bytes.length]).toEqual([200, sizeBytes])
    })

    test('who has it already is told so, and nothing is sent again', async () => {
      const etag = (await send(content(), { method: 'HEAD' })).headers.get('etag') ?? ''
      const again = await send(content(), { headers: { 'if-none-match': `"other", ${etag}` } })
      expect([again.status, again.bytes.length, again.headers.get('etag')]).toEqual([304, 0, etag])
      expect((await range('bytes=0-9', { 'if-range': etag })).status).toBe(206)
      expect((await range('bytes=0-9', { 'if-range': '"other"' })).status).toBe(200)
    })

    test('a reader that accepts zstd gets the same bytes, under another ETag', async () => {
      const { statusCode, headers, body } = await request(content(), { headers: { 'accept-encoding': 'zstd' } })
      const sent = Buffer.from(await body.arrayBuffer())
      expect(statusCode).toBe(200)
      expect(headers['content-length']).toBe(`${sent.length}`)
      const decoded = headers['content-encoding'] === 'zstd' ? zstdDecompressSync(sent) : sent
      expect(decoded.equals(bytes)).toBe(true)
      const identity = (await send(content(), { method: 'HEAD' })).headers.get('etag')
      expect(headers.etag === identity).toBe(headers['content-encoding'] === undefined)
    })

    test('HEAD says what GET would, without a body', async () => {
      const answer = await send(content(), { method: 'HEAD' })
      expect([answer.status, answer.headers.get('content-length'), answer.bytes.length]).toEqual([
        200,
        `${sizeBytes}`,
        0,
      ])
    })

    test('every address of it gives the same bytes', async () => {
      const { other } = replicas()
      for (const path of [`/${made.slug}`, `/raw/${made.slug}`, `/download/${made.slug}`])
        expect((await send(other + path)).bytes.equals(bytes)).toBe(true)
      expect((await send(`${other}/download/${made.slug}`)).headers.get('content-disposition')).toMatch(/^attachment/)
    })

    test('a browser gets a page, sealed off', async () => {
      const answer = await send(`${replicas().other}/${made.slug}`, { headers: { accept: 'text/html' } })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    })
  })

  test('what was never there is not found, at every address', async () => {
    const { other } = replicas()
    const slug = newSlug()
    for (const path of [`/${slug}`, `/raw/${slug}`, `/api/v1/pastes/${slug}`, `/api/v1/pastes/${slug}/content`]) {
      const answer = await send(other + path)
      expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found'])
    }
  })

  test('a private paste is kept by no cache', async () => {
    const made = await create(replicas().one, 'secret', 'visibility=private')
    expect(made.slug).toHaveLength(22)
    const answer = await send(`${replicas().other}/raw/${made.slug}`)
    expect([answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual(['no-store', null])
  })

  test('a custom name can be asked about before it is taken', async () => {
    const slug = newSlug()
    const status = async () => json<{ status: string }>(await send(`${replicas().other}/api/v1/slugs/${slug}`)).status
    expect(await status()).toBe('free')
    await create(replicas().one, 'x', `slug=${slug}`)
    expect(await status()).toBe('taken')
  })
}
