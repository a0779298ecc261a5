import { beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from './support/answer.ts'
import { raw } from './support/message.ts'
import { useService } from './support/service.ts'

const log = Buffer.from(Array.from({ length: 9_000 }, (_, index) => `${index}: a line of a log\n`).join(''))
const ZSTD = { 'Accept-Encoding': 'zstd' }

// About this answer, this request and this connection.
const OTHERS = new Set(['date', 'x-request-id', 'content-length', 'content-range', 'connection', 'keep-alive'])

/** What an answer says of the content, whichever part of it is sent. */
function aboutContent({ headers }: Answer): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OTHERS.has(name)))
}

describe('answers to one address agree', () => {
  const service = useService()
  const slugs = { large: '', small: '', hidden: '' }
  beforeAll(async () => {
    slugs.large = (await service.ask(raw(log))).json().slug
    slugs.small = (await service.ask(raw('small, in its row'))).json().slug
    slugs.hidden = (await service.ask(raw(log, {}, '?visibility=private'))).json().slug
  })
  const get = (path: string, fields: Record<string, string> = {}) => service.request(`GET ${path}`, fields)

  describe.each(['large', 'small'] as const)('for %s content', (which) => {
    describe.each(['/raw/', '/', '/download/'])('at %s', (folder) => {
      const path = () => `${folder}${slugs[which]}`

      test.each([{}, ZSTD])('HEAD and GET with %j', async (fields) => {
        const [head, whole] = [await service.request(`HEAD ${path()}`, fields), await get(path(), fields)]
        expect(aboutContent(head)).toEqual(aboutContent(whole))
        expect(head.headers['content-length']).toBe(whole.headers['content-length'])
      })

      test('206 and 200', async () => {
        const part = await get(path(), { Range: 'bytes=2-5' })
        expect(part.status).toBe(206)
        expect(aboutContent(part)).toEqual(aboutContent(await get(path())))
      })

      test.each([{}, ZSTD])('304 and 200 with %j', async (fields) => {
        const whole = await get(path(), fields)
        const held = await get(path(), { ...fields, 'If-None-Match': `${whole.headers.etag}` })
        expect(held.status).toBe(304)
        expect(aboutContent(whole)).toMatchObject(aboutContent(held))
        expect(Object.keys(aboutContent(held)).toSorted()).toEqual([
          'access-control-allow-origin',
          'cache-control',
          'cross-origin-resource-policy',
          'etag',
          'last-modified',
          'vary',
        ])
      })

      test('416 and 200', async () => {
        const refused = await get(path(), { Range: 'bytes=9999999-' })
        const whole = await get(path())
        expect(refused.status).toBe(416)
        expect(refused.headers['content-range']).toBe(`bytes */${whole.headers['content-length']}`)
        for (const name of ['accept-ranges', 'access-control-allow-origin'])
          expect(refused.headers[name], name).toBe(whole.headers[name])
      })
    })
  })

  test('304 names the copy that is held, whatever is accepted now', async () => {
    const path = `/raw/${slugs.large}`
    const [plain, packed] = [(await get(path)).headers.etag ?? '', (await get(path, ZSTD)).headers.etag ?? '']
    expect(plain).not.toBe(packed)
    const tagOf = async (held: string, fields: Record<string, string>) =>
      (await get(path, { ...fields, 'If-None-Match': held })).headers.etag
    expect(await tagOf(plain, ZSTD)).toBe(plain)
    expect(await tagOf(packed, {})).toBe(packed)
    expect(await tagOf(`${plain}, ${packed}`, ZSTD)).toBe(packed)
    expect(await tagOf('*', ZSTD)).toBe(packed)
    expect(await tagOf(`W/${plain}`, ZSTD)).toBe(plain)
  })

  test('a private paste lets no other site see its length', async () => {
    const refused = await get(`/raw/${slugs.hidden}`, { Range: 'bytes=9999999-' })
    expect(refused.status).toBe(416)
    expect(refused.headers).not.toHaveProperty('access-control-allow-origin')
  })

  test.each([
    ['a page', '/help', { Accept: 'text/html' }],
    ['a page of a paste', '/:slug', { Accept: 'text/html' }],
    ['bytes', '/raw/:slug', {}],
    ['a part of them', '/raw/:slug', { Range: 'bytes=0-1' }],
    ['metadata', '/api/v1/pastes/:slug', {}],
    ['a problem', '/raw/nowhere', {}],
    ['readiness', '/health/ready', {}],
  ])('%s carries the id of its request', async (_what, path, fields) => {
    for (const slug of [slugs.small, slugs.large]) {
      const answer = await get(path.replace(':slug', slug), { ...fields, 'X-Request-Id': 'given-by-a-proxy' })
      expect(answer.headers['x-request-id']).toBe('given-by-a-proxy')
    }
  })
})
