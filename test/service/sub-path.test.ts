import { describe, expect, test } from 'vitest'
import { useService } from './support/service.ts'

const PUBLIC = 'https://example.org/tools/paste'
const BASE = '/tools/paste'
const BROWSER = { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0' }
/** An address on a page that begins at the root of the host, but not below the base. */
const STRAY = /(?:href|src|action|data-worker|data-grammars)="\/(?!tools\/paste\/)[^"]*"/g

describe('a service below a path', () => {
  const service = useService({ PUBLIC_URL: `${PUBLIC}/`, ADMIN_TOKEN: 'sesame' })

  test('answers whether the proxy left the path in or took it out', async () => {
    const { slug } = await service.create({ content: 'hello' })
    for (const path of [`${BASE}/raw/${slug}`, `/raw/${slug}`])
      expect((await service.request(`GET ${path}`)).text()).toBe('hello')
    const form = await service.request(`GET ${BASE}`, BROWSER)
    expect([form.status, form.text()]).toEqual([200, expect.stringContaining('New paste')])
  })

  test('gives its own address in every link that programs get', async () => {
    const made = await service.request('POST /api/v1/pastes', { 'Content-Type': 'text/plain' }, 'hello')
    const { slug, url, rawUrl } = made.json()
    expect([url, rawUrl, made.headers.location]).toEqual([`${PUBLIC}/${slug}`, `${PUBLIC}/raw/${slug}`, url])
    expect((await service.request('PUT /', {}, 'hi')).text()).toMatch(/^https:\/\/example\.org\/tools\/paste\/\w+\n$/)
    const upload = await service.request('POST /api/v1/uploads', { 'Tus-Resumable': '1.0.0', 'Upload-Length': '5' })
    expect(upload.headers.location).toMatch(/^https:\/\/example\.org\/tools\/paste\/api\/v1\/uploads\//)
    expect((await service.request('GET /api/openapi.json')).json().servers).toEqual([{ url: PUBLIC }])
  })

  test('has no address on any page that leaves its path', async () => {
    const { slug } = await service.create({ content: 'print(1)\n', language: 'python', visibility: 'public' })
    const large = await service.create({ content: 'a line of text\n'.repeat(50_000) })
    const once = await service.create({ content: 'a secret', burnAfterReading: true })
    const paths = [
      ...['/', '/help', '/mine', '/recent', '/api/docs', `/${slug}`, `/${slug}.py`, `/${large.slug}`, `/${once.slug}`],
      ...[
        `/${large.slug}?from=2000`,
        `/mine/${slug}`,
        '/performance',
        '/performance/runs',
        '/stats',
        '/nothing-is-here',
      ],
    ]
    const admin = { Authorization: `Basic ${Buffer.from('me:sesame').toString('base64')}` }
    for (const path of paths) {
      const html = (await service.request(`GET ${path}`, { ...BROWSER, ...admin })).text()
      expect(html, path).toContain(`href="${BASE}/`)
      expect([path, html.match(STRAY)]).toEqual([path, null])
    }
  })

  test('serves what its pages ask for', async () => {
    const html = (await service.request('GET /', BROWSER)).text()
    const paths = [...html.matchAll(/(?:href|src)="(\/tools\/paste\/(?:assets\/|favicon)[^"]+)"/g)].map(
      ([, path]) => path,
    )
    expect(paths.length).toBeGreaterThan(5)
    for (const path of paths) expect([path, (await service.request(`GET ${path}`)).status]).toEqual([path, 200])
  })

  test('redirects within its path', async () => {
    const { slug } = await service.create({ content: 'x' })
    const answer = await service.request(`GET ${BASE}/reveal/${slug}`, BROWSER)
    expect([answer.status, answer.headers.location]).toEqual([303, `${BASE}/${slug}`])
  })
})
