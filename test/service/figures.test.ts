import { describe, expect, test } from 'vitest'
import { paste } from './support/message.ts'
import { useService } from './support/service.ts'

const HTML = { Accept: 'text/html' }
const PAGES = ['/performance', '/performance/runs', '/stats']

describe('the pages of figures over HTTP', () => {
  const service = useService()

  test('are pages for browsers, and kept by nobody', async () => {
    for (const path of [...PAGES, '/performance?range=30d', '/mine/some-paste']) {
      const answer = await service.request(`GET ${path}`, HTML)
      expect([path, answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
        'no-store',
      ])
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
    }
  })
  test('are the same as JSON for programs', async () => {
    const performance = await service.request('GET /performance?range=6h')
    expect(performance.json().range).toBe('6h')
    expect(performance.headers.vary).toContain('Accept')
    expect((await service.request('GET /stats')).json().days).toHaveLength(30)
  })
  test('HEAD gives the headers without a body', async () => {
    const head = await service.request('HEAD /performance', HTML)
    expect([head.status, head.body.length]).toEqual([200, 0])
  })
  test('an unknown range, run or experiment is refused in words', async () => {
    for (const [path, status] of [
      ['/performance?range=1y', 422],
      ['/performance?range=1h&range=6h', 422],
      ['/performance/runs/none-such', 404],
      ['/performance/runs?a=none&b=such', 404],
    ] as const) {
      const answer = await service.request(`GET ${path}`, HTML)
      expect([path, answer.status]).toEqual([path, status])
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    }
    const problem = (await service.request('GET /performance?range=1y')).json()
    expect([problem.code, problem.pointer]).toEqual(['validation_failed', '/range'])
  })
  test('the views of a paste are for who holds its edit token', async () => {
    const { slug, editToken } = await service.create()
    const views = (token: string) => service.request(`GET /mine/${slug}`, { ...HTML, Authorization: `Bearer ${token}` })
    const own = await views(editToken)
    expect([own.status, own.text().includes('Nobody opened it yet.')]).toEqual([200, true])
    const other = await service.create()
    expect((await views(other.editToken)).status).toBe(403)
    expect((await service.request(`GET /mine/${slug}`, HTML)).text()).not.toContain('Nobody opened it yet.')
  })
  test('no paste may be called as they are', async () => {
    for (const slug of ['performance', 'stats', 'mine'])
      expect((await service.ask(paste({ slug }))).json().code).toBe('reserved_slug')
  })
})

describe('the pages of figures of a service with an admin token', () => {
  const service = useService({ ADMIN_TOKEN: 'secret' })
  const basic = (password: string) => ({ ...HTML, Authorization: `Basic ${btoa(`:${password}`)}` })

  test('are shown to who gives it, as a browser or a program does', async () => {
    for (const path of PAGES) {
      expect((await service.request(`GET ${path}`, basic('secret'))).status).toBe(200)
      expect((await service.request(`GET ${path}`, { ...HTML, Authorization: 'Bearer secret' })).status).toBe(200)
    }
  })
  test('are shown to nobody else, and a browser is asked for it again', async () => {
    for (const path of [...PAGES, '/performance/runs/some-run'])
      for (const fields of [HTML, basic('guess')]) {
        const answer = await service.request(`GET ${path}`, fields)
        expect([path, answer.status]).toEqual([path, 401])
        expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
      }
  })
})
