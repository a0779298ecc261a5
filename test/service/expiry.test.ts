import { expect, test } from 'vitest'
import { expectProblem } from './support/bad-input.ts'
import { onBothLanes } from './support/lanes.ts'
import { paste, raw, request } from './support/message.ts'

const DAY_MS = 86_400_000
const paths = (slug: string) => [
  `/raw/${slug}`,
  `/${slug}`,
  `/download/${slug}`,
  `/api/v1/pastes/${slug}`,
  `/api/v1/pastes/${slug}/content`,
]

// The sweeper runs once a year: what is said here holds without it.
onBothLanes(
  'the end of a paste, without a sweeper',
  (service) => {
    test('it is served until its last millisecond, and not after', async () => {
      const { slug, expiresAt } = await service.create({ expiresIn: 60 })
      service.clock.advance(Date.parse(expiresAt) - service.clock.now() - 500)
      for (const path of paths(slug)) expect((await service.request(`GET ${path}`)).status, path).toBe(200)
      service.clock.advance(500)
      for (const path of paths(slug)) expectProblem(await service.request(`GET ${path}`), 'expired')
    })

    test('a page is not served from memory after it', async () => {
      const { slug } = await service.create({ expiresIn: 60 })
      const accept = { Accept: 'text/html' }
      expect((await service.request(`GET /${slug}`, accept)).status).toBe(200)
      service.clock.advance(60_000)
      const page = await service.request(`GET /${slug}`, accept)
      expect([page.status, page.headers['content-type']]).toEqual([410, 'text/html; charset=utf-8'])
    })

    test('its tag does not make it unchanged', async () => {
      const { slug } = await service.create({ expiresIn: 60 })
      const { etag } = (await service.request(`GET /raw/${slug}`)).headers
      service.clock.advance(60_000)
      expect((await service.request(`GET /raw/${slug}`, { 'If-None-Match': `${etag}` })).status).toBe(410)
    })

    test('its token edits nothing any more', async () => {
      const { slug, editToken } = await service.create({ expiresIn: 60 })
      service.clock.advance(60_000)
      const fields = { Authorization: `Bearer ${editToken}` }
      expectProblem(await service.request(`DELETE /api/v1/pastes/${slug}`, fields), 'expired')
    })

    test('its name is quarantined', async () => {
      const { slug } = await service.create({ expiresIn: 60, slug: 'quarantined' })
      service.clock.advance(60_000 + 29 * DAY_MS)
      expectProblem(await service.ask(paste({ slug })), 'slug_quarantined')
      expectProblem(await service.ask(request(`PUT /${slug}`, {}, 'x')), 'slug_quarantined')
    })

    test('line 91: a slow reader who began in time gets the whole of it', async () => {
      const content = Buffer.alloc(8 * 1024 * 1024, 'a text of which every frame is read late. ')
      const { slug } = (await service.ask(raw(content, {}, '?expiresIn=60'))).json()
      const response = await fetch(`${service.url}/raw/${slug}`)
      const reader = response.body?.getReader()
      const chunks = [(await reader?.read())?.value ?? new Uint8Array()]
      service.clock.advance(120_000)
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) chunks.push(next.value)
      expect(Buffer.concat(chunks).equals(content)).toBe(true)
      expect((await service.request(`GET /raw/${slug}`)).status).toBe(410)
    })
  },
  { SWEEP_SCHEDULE: '0 0 0 1 1 *' },
)
