import { describe, expect, test } from 'vitest'
import { file, form } from './support/message.ts'
import { type Service, useService } from './support/service.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const PDF = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')
const ZIP = Buffer.from('504b03041400000008000000000000ff', 'hex')
const TEXT = 'text/plain; charset=utf-8'
const SANDBOX =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

/** Uploads a file under a name and gives the head of its raw bytes. */
async function headOf(service: Service, content: string | Buffer, name: string, options: Record<string, string> = {}) {
  const fields = Object.entries(options).map(([field, value]) => ({ name: field, value }))
  const { slug } = (await service.ask(form([...fields, file(content, name)]))).json()
  return { slug, headers: (await service.request(`GET /raw/${slug}`)).headers }
}

describe('the head of raw bytes', () => {
  const service = useService()

  test.for([
    ['<script>alert(1)</script>', 'a.html', TEXT, 'inline; filename=a.html.txt'],
    ['<svg onload="alert(1)"/>', 'a.svg', TEXT, 'inline; filename=a.svg.txt'],
    ['<?xml version="1.0"?>', 'a.xml', TEXT, 'inline; filename=a.xml.txt'],
    ['alert(1)', 'a.js', TEXT, 'inline; filename=a.js.txt'],
    ['{}', 'a.json', TEXT, 'inline; filename=a.json'],
    ['# title', 'a.md', TEXT, 'inline; filename=a.md'],
    [PNG, 'a.png', 'image/png', 'inline; filename=a.png'],
    [PNG, 'my-name', 'image/png', 'inline; filename=my-name'],
    [PNG, 'a.html', 'image/png', 'inline; filename=a.html.png'],
    ['<html>', 'a.png', TEXT, 'inline; filename=a.png'],
    [PDF, 'a.pdf', 'application/pdf', 'attachment; filename=a.pdf'],
    [ZIP, 'a.html', 'application/zip', 'attachment; filename=a.html'],
    [Buffer.from('caf\xe9', 'latin1'), 'a.txt', 'text/plain; charset=windows-1252', 'inline; filename=a.txt'],
    [Buffer.from([0x61, 0xff, 0]), 'a.txt', 'application/octet-stream', 'attachment; filename=a.txt'],
  ] as const)('of %j as %s says %s, %s', async ([content, name, type, disposition]) => {
    const { headers } = await headOf(service, content, name)
    expect(headers['content-type']).toBe(type)
    expect(headers['content-disposition']).toMatch(new RegExp(`^${disposition.replace(/[.]/g, '\\.')}(;|$)`))
  })

  test('keeps user content from running as the site', async () => {
    const { headers } = await headOf(service, '<script>', 'a.html')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': SANDBOX,
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
      'origin-agent-cluster': '?1',
      'accept-ranges': 'bytes',
      vary: 'Accept-Encoding',
    })
  })

  test('keeps unlisted pastes out of search engines', async () => {
    expect((await headOf(service, 'x', 'a.txt')).headers['x-robots-tag']).toBe('noindex, nofollow')
    expect((await headOf(service, 'x', 'a.txt', { visibility: 'public' })).headers['x-robots-tag']).toBeUndefined()
  })

  test('makes caches ask before they answer', async () => {
    expect((await headOf(service, 'x', 'a.txt')).headers['cache-control']).toBe('public, no-cache')
  })

  test('keeps private pastes out of every cache, and of other sites', async () => {
    const { headers } = await headOf(service, 'x', 'a.txt', { visibility: 'private' })
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' })
    expect(headers).not.toHaveProperty('etag')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('is the same on the address that browsers get a page from, which caches are told', async () => {
    const { slug, headers } = await headOf(service, '<script>', 'a.html')
    const { vary, date: _, 'x-request-id': __, ...others } = headers
    expect(vary).toBe('Accept-Encoding')
    expect((await service.request(`GET /${slug}`)).headers).toMatchObject({
      ...others,
      date: expect.any(String),
      vary: 'Accept, Accept-Encoding',
    })
  })

  test('says attachment where it is to be saved', async () => {
    const { slug } = await headOf(service, 'x', 'a.html')
    const { headers } = await service.request(`GET /download/${slug}`)
    expect(headers['content-disposition']).toBe('attachment; filename=a.html')
  })
})

describe('the head of a page', () => {
  const service = useService()
  const accept = { Accept: 'text/html' }

  test.for(['/', '/help', '/recent', '/mine', '/api/docs', '/a-paste', '/nowhere'])(
    '%s allows nothing inline',
    async (path) => {
      if (path === '/a-paste') await service.create({ slug: 'a-paste', content: '<script>alert(1)</script>' })
      const { headers, text } = await service.request(`GET ${path}`, accept)
      const policy = headers['content-security-policy'] ?? ''
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|http:|\*/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      })
      expect(text()).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|\sstyle=|javascript:/i)
    },
  )

  test('no answer sets a cookie', async () => {
    for (const path of ['/', '/help', '/recent', '/nowhere', '/raw/nowhere', '/api/v1/limits'])
      expect((await service.request(`GET ${path}`, accept)).headers).not.toHaveProperty('set-cookie')
  })

  test('a paste, title and name of markup is shown as text', async () => {
    const fields = [{ name: 'title', value: '<img src=x onerror=alert(1)>' }]
    const asking = form([...fields, file('</code><script>alert(1)</script>', '"><b>.txt')])
    const { slug } = (await service.ask(asking)).json()
    const page = (await service.request(`GET /${slug}`, accept)).text()
    expect(page).not.toContain('<img src=x')
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('"><b>')
  })

  test('browsers get a page for an unknown slug, programs a problem document', async () => {
    expect((await service.request('GET /nowhere', accept)).headers['content-type']).toBe('text/html; charset=utf-8')
    expect((await service.request('GET /nowhere')).headers['content-type']).toBe('application/problem+json')
  })
})

describe('the head of an answer of the API', () => {
  const service = useService()

  test('is stored by no cache where it holds a token', async () => {
    const answer = await service.request(
      'POST /api/v1/pastes',
      { 'Content-Type': 'application/json' },
      '{"content":"x"}',
    )
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('names the request that it answers', async () => {
    const answer = await service.request('GET /api/v1/pastes/nowhere', { 'X-Request-Id': 'given-by-a-proxy' })
    expect(answer.headers['x-request-id']).toBe('given-by-a-proxy')
    expect(answer.json().requestId).toBe('given-by-a-proxy')
  })
})

describe('behind https', () => {
  const service = useService({ PUBLIC_URL: 'https://paste.example' })

  test('pages pin https', async () => {
    const { headers } = await service.request('GET /', { Accept: 'text/html' })
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests')
  })

  test('links are of the public address', async () => {
    expect((await service.create({ slug: 'abc' })).url).toBe('https://paste.example/abc')
  })
})
