import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { codeOf, create, json, logText, newSlug, postRaw, send, sendJson, sha256 } from './client.ts'
import type { Replicas } from './suite.ts'

const MIB = 1024 * 1024

/** Every way to make a paste, read back from the other replica. */
export function createSuite(replicas: () => Replicas): void {
  const rawOf = (slug: string) => send(`${replicas().other}/raw/${slug}`)

  describe('create', () => {
    test.each([
      ['one byte', 1],
      ['4 KiB, which lie in the row', 4_096],
      ['17 KiB', 17_408],
      ['just over what is read whole', 65_537],
      ['just over one frame', MIB + 1],
      ['3 MiB', 3 * MIB],
    ])('a log of %s comes back byte for byte', async (_name, sizeBytes) => {
      const bytes = logText(sizeBytes + 24).subarray(4, sizeBytes + 4)
      const made = await create(replicas().one, bytes)
      expect(made).toMatchObject({ size: sizeBytes, sha256: sha256(bytes), version: 1 })
      expect((await rawOf(made.slug)).bytes.equals(bytes)).toBe(true)
    })

    test.each([20_000, 200_000, 2 * MIB])('%i bytes that do not shrink come back byte for byte', async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes)
      const made = await create(replicas().one, bytes)
      expect((await rawOf(made.slug)).bytes.equals(bytes)).toBe(true)
    })

    test(
      '50 MiB go in and come back',
      async () => {
        const bytes = logText(50 * MIB)
        const made = await create(replicas().one, bytes)
        expect(made.sha256).toBe(sha256(bytes))
        expect(sha256((await rawOf(made.slug)).bytes)).toBe(made.sha256)
      },
      patiently(60_000),
    )

    test('one byte more is refused before any of it is sent', async () => {
      const headers = { 'content-length': 50 * MIB + 1, 'content-type': 'text/plain', expect: '100-continue' }
      const asked = request(`${replicas().one}/api/v1/pastes`, { method: 'POST', headers })
      asked.flushHeaders()
      const [answer] = await once(asked, 'response')
      asked.destroy()
      expect(answer.statusCode).toBe(413)
    })

    test('JSON makes a paste with its options', async () => {
      const slug = newSlug()
      const options = { slug, title: 'A title', language: 'Python', visibility: 'public', expiresIn: '2h' }
      const made = await sendJson(`${replicas().one}/api/v1/pastes`, 'POST', { content: 'print(1)\n', ...options })
      expect(made.status).toBe(201)
      const read = json<Record<string, unknown>>(await send(`${replicas().other}/api/v1/pastes/${slug}`))
      expect(read).toMatchObject({ slug, title: 'A title', language: 'python', visibility: 'public', lines: 1 })
      const lifeMs = Date.parse(`${read.expiresAt}`) - Date.parse(`${read.createdAt}`)
      expect(Math.round(lifeMs / 1000)).toBe(7_200)
      expect(read).not.toHaveProperty('editToken')
    })

    test('a multipart form makes a paste that keeps the name of its file', async () => {
      const form = new FormData()
      form.set('title', 'from a form')
      form.set('file', new Blob([Uint8Array.from(logText(100_000))]), 'build.log')
      const made = await send(`${replicas().one}/api/v1/pastes`, { method: 'POST', body: form })
      expect(made.status).toBe(201)
      expect(json(made)).toMatchObject({ title: 'from a form', fileName: 'build.log', size: 100_000 })
    })

    test('the shell forms answer one line, and the token beside it', async () => {
      const slug = newSlug()
      for (const [method, path] of [
        ['PUT', `/${slug}`],
        ['PUT', '/'],
        ['POST', '/'],
      ] as const) {
        const made = await send(replicas().one + path, { method, body: 'hello\n' })
        expect(made.status).toBe(201)
        expect(made.headers.get('x-edit-token')).toMatch(/^[\w-]{43}$/)
        const url = new URL(made.bytes.toString().replace(/\n$/, ''))
        expect((await send(replicas().other + url.pathname)).bytes.toString()).toBe('hello\n')
      }
    })

    test("the original service's calls work", async () => {
      const { one, other } = replicas()
      const made = await sendJson(`${one}/api/paste`, 'POST', { content: 'old\n' })
      const { id, url } = json<{ id: string; url: string }>(made)
      expect(made.status).toBe(201)
      expect(json(await send(`${other}/api/paste/content/${id}`))).toEqual({ content: 'old\n' })
      expect((await send(`${other}/getObject?url=${encodeURIComponent(url)}`)).bytes.toString()).toBe('old\n')
    })

    test('a short link sends its visitor on', async () => {
      const target = 'https://example.com/a/long/way?x=1'
      const made = json<{ slug: string }>(await sendJson(`${replicas().one}/api/v1/links`, 'POST', { url: target }))
      const visit = await send(`${replicas().other}/${made.slug}`)
      expect([visit.status, visit.headers.get('location')]).toEqual([302, target])
    })

    test('a slug that differs in case is another one', async () => {
      const slug = newSlug()
      await create(replicas().one, 'lower', `slug=${slug}`)
      await create(replicas().other, 'upper', `slug=${slug.toUpperCase()}`)
      expect((await rawOf(slug)).bytes.toString()).toBe('lower')
      expect((await rawOf(slug.toUpperCase())).bytes.toString()).toBe('upper')
    })

    test.each([
      ['slug=-ab', 422, 'invalid_slug'],
      ['slug=api', 422, 'reserved_slug'],
      ['slug=raw', 422, 'reserved_slug'],
      ['expiresIn=0', 422, 'invalid_expiry'],
      ['expiresAt=2026-02-30T00:00:00Z', 422, 'invalid_expiry'],
      ['expiresIn=1h&expiresAt=2090-01-01T00:00:00Z', 422, 'conflicting_fields'],
      ['language=../../x', 422, 'invalid_language'],
      ['colour=red', 422, 'unknown_field'],
    ])('?%s is refused', async (query, status, code) => {
      const answer = await postRaw(replicas().one, 'text', query)
      expect([answer.status, codeOf(answer)]).toEqual([status, code])
    })

    test('nothing is no paste', async () => {
      const answer = await postRaw(replicas().one, '')
      expect([answer.status, codeOf(answer)]).toEqual([422, 'empty_content'])
    })
  })
}
