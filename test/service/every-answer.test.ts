import { describe, expect, test } from 'vitest'
import { form, request } from './support/message.ts'
import { useService } from './support/service.ts'
import { ask } from './support/wire.ts'

const JSON_BODY = { 'Content-Type': 'application/json' }

describe('every answer says that it is of no other type and that nothing in it runs', () => {
  const service = useService()

  test.for<[string, number, Record<string, string>?, string?]>([
    ['GET /', 200],
    ['GET /help', 200],
    ['GET /recent', 200],
    ['GET /robots.txt', 200],
    ['GET /favicon.ico', 200],
    ['GET /health/live', 200],
    ['GET /health/ready', 200],
    ['GET /metrics', 200],
    ['GET /stats', 200],
    ['GET /api/v1/stats', 200],
    ['GET /api/v1/limits', 200],
    ['GET /api/v1/performance', 200],
    ['HEAD /api/v1/performance/live', 200],
    ['GET /api/v1/pastes', 200],
    ['GET /api/v1/slugs/free-name', 200],
    ['GET /api/openapi.json', 200],
    ['OPTIONS /api/v1/pastes', 204],
    ['OPTIONS /', 204],
    ['GET /SLUG', 200],
    ['GET /SLUG', 200, { Accept: 'text/html' }],
    ['HEAD /raw/SLUG', 200],
    ['GET /raw/SLUG', 206, { Range: 'bytes=0-1' }],
    ['GET /raw/SLUG?lines=1', 200],
    ['GET /raw/SLUG?grep=x', 200],
    ['GET /qr/SLUG', 200],
    ['GET /reveal/SLUG', 303],
    ['GET /LINK', 302],
    ['GET /api/v1/pastes/SLUG', 200],
    ['GET /api/paste/content/SLUG', 200],
    ['GET /getObject?url=SLUG', 200],
    ['GET /api/v1/shortenURL?original_url=https%3A%2F%2Fexample.com', 200],
    ['POST /', 201, {}, 'a text'],
    ['POST /api/paste', 201, JSON_BODY, '{"content":"x"}'],
    ['POST /api/v1/pastes', 201, JSON_BODY, '{"content":"x"}'],
    ['POST /api/v1/uploads', 201, { 'Tus-Resumable': '1.0.0', 'Upload-Length': '5' }, ''],
    ['GET /nowhere', 404],
    ['GET /nowhere', 404, { Accept: 'text/html' }],
    ['DELETE /', 405],
    ['DELETE /api/v1/pastes/SLUG', 401],
    ['GET /raw/SLUG', 416, { Range: 'bytes=99-' }],
    ['POST /api/v1/pastes', 422, JSON_BODY, '{}'],
    ['POST /', 417, { Expect: 'something' }, 'x'],
    ['BREW /', 405],
    ['GET /raw/%zz', 400],
  ])('%s, %i', async ([start, status, fields, body]) => {
    const { slug } = await service.create()
    const link = (await service.request('POST /api/v1/links', JSON_BODY, '{"url":"https://example.com"}')).json().slug
    const answer = await service.request(start.replace('SLUG', slug).replace('LINK', link), fields, body)
    expect(answer.status).toBe(status)
    expectSafe(answer.headers)
  })

  test('a form with a file, the form without scripts, and what is no HTTP at all', async () => {
    const fields = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expectSafe((await ask(service.port, request('POST /form', fields, 'content=x'))).headers)
    expectSafe((await service.ask(form([{ name: 'file', value: 'x' }]))).headers)
    expectSafe(
      (await ask(service.port, { ...request('GET /', {}), bytes: Buffer.from('\x16\x03\x01\r\n\r\n') })).headers,
    )
  })

  test('scripts and style sheets, whose workers may load our own scripts', async () => {
    const page = (await service.request('GET /', { Accept: 'text/html' })).text()
    for (const path of page.match(/\/assets\/[\w.+-]+/g) ?? [])
      expectSafe((await service.request(`GET ${path}`)).headers)
  })
})

function expectSafe(headers: Record<string, string | undefined>): void {
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'/)
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
}
