import { describe, expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import type { Service } from './support/service.ts'

const READERS: [string, Record<string, string>][] = [
  ['GET /raw/SLUG', {}],
  ['HEAD /raw/SLUG', {}],
  ['GET /raw/SLUG', { Range: 'bytes=0-1' }],
  ['GET /download/SLUG', {}],
  ['GET /SLUG', { Accept: '*/*' }],
  ['GET /SLUG', { Accept: 'text/html', 'Sec-Purpose': 'prefetch;prerender' }],
  ['GET /SLUG', { Accept: '*/*', 'User-Agent': 'Slackbot-LinkExpanding 1.0' }],
  ['GET /api/v1/pastes/SLUG', {}],
  ['GET /api/v1/pastes/SLUG/content', {}],
  ['GET /api/paste/content/SLUG', {}],
  ['GET /getObject?url=SLUG', {}],
  ['GET /?from=SLUG', { Accept: 'text/html' }],
]
const claim = (service: Service, slug: string, fields: Record<string, string> = {}) =>
  service.request(`POST /api/v1/pastes/${slug}/claim`, fields)

onBothLanes('a paste whose readings are counted', (service) => {
  test('a read-once paste gives its content to one claim, and is gone', async () => {
    const { slug } = await service.create({ content: 'secret\n', burnAfterReading: true })
    const first = await claim(service, slug)
    expect([first.status, first.body.toString(), first.headers['cache-control'], first.headers.etag]).toEqual([
      200,
      'secret\n',
      'no-store',
      undefined,
    ])
    const second = await claim(service, slug)
    expect([second.status, second.json().code]).toEqual([410, 'burned'])
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().code).toBe('burned')
  })

  test.for(READERS)('%s uses no reading up and shows no content', async ([start, fields]) => {
    const { slug } = await service.create({ content: 'do not show this', burnAfterReading: true })
    const answer = await service.request(start.replace('SLUG', slug), fields)
    expect(answer.body.toString()).not.toContain('do not show this')
    expect((await claim(service, slug)).status).toBe(200)
  })

  test('reading the bytes by GET is 405 and says how it is done', async () => {
    const { slug } = await service.create({ burnAfterReading: true })
    const answer = await service.request(`GET /raw/${slug}`)
    expect([answer.status, answer.json().code, answer.headers.allow]).toEqual([405, 'burn_requires_post', 'POST'])
  })

  test('a Range on a claim is ignored: the whole content comes', async () => {
    const { slug } = await service.create({ content: '0123456789', burnAfterReading: true })
    const answer = await claim(service, slug, { Range: 'bytes=0-1' })
    expect([answer.status, answer.body.toString()]).toEqual([200, '0123456789'])
  })

  test('of 64 claims at once, one wins', async () => {
    const { slug } = await service.create({ burnAfterReading: true })
    const answers = await Promise.all(Array.from({ length: 64 }, () => claim(service, slug)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...new Array<number>(63).fill(410)])
  })

  test('of 40 claims at once on a paste for seven readings, seven win', async () => {
    const { slug } = await service.create({ maxViews: 7 })
    const answers = await Promise.all(Array.from({ length: 40 }, () => claim(service, slug)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7)
  })

  test('the metadata counts the readings', async () => {
    const { slug } = await service.create({ maxViews: 3 })
    await claim(service, slug)
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json()).toMatchObject({ maxViews: 3, views: 1 })
  })

  test('a reading changes the tag of the metadata, so that nobody keeps an old count', async () => {
    const { slug } = await service.create({ maxViews: 3 })
    const { etag = '' } = (await service.request(`GET /api/v1/pastes/${slug}`)).headers
    const again = () => service.request(`GET /api/v1/pastes/${slug}`, { 'If-None-Match': etag })
    expect((await again()).status).toBe(304)
    await claim(service, slug)
    expect((await again()).json()).toMatchObject({ views: 1 })
  })

  test('a large read-once paste arrives whole', async () => {
    const content = 'a line that is long enough to be stored as an object\n'.repeat(40_000)
    const { slug } = await service.create({ content, burnAfterReading: true })
    expect((await claim(service, slug)).body.toString()).toBe(content)
  })

  test('a claim on a paste without a limit reads it and counts nothing', async () => {
    const { slug } = await service.create({ content: 'as often as you like' })
    expect((await claim(service, slug)).body.toString()).toBe('as often as you like')
    expect((await service.request(`GET /raw/${slug}`)).status).toBe(200)
  })

  test('the page tells what opening does, and its button opens it', async () => {
    const { slug } = await service.create({ content: 'for your eyes', burnAfterReading: true })
    const page = await service.request(`GET /${slug}`, { Accept: 'text/html' })
    expect(page.body.toString()).toContain(`action="/reveal/${slug}"`)
    const opened = await service.request(`POST /reveal/${slug}`, { Accept: 'text/html' })
    expect([opened.status, opened.body.toString().includes('for your eyes')]).toEqual([200, true])
    expect((await service.request(`GET /${slug}`, { Accept: 'text/html' })).status).toBe(410)
  })

  test("another site's page cannot open it", async () => {
    const { slug } = await service.create({ burnAfterReading: true })
    const answer = await service.request(`POST /reveal/${slug}`, { 'Sec-Fetch-Site': 'cross-site' })
    expect(answer.status).toBe(403)
    expect((await claim(service, slug)).status).toBe(200)
  })

  describe('what contradicts itself is refused', () => {
    test.for([
      [{ burnAfterReading: true, maxViews: 3 }, 'conflicting_fields'],
      [{ maxViews: 0 }, 'validation_failed'],
      [{ maxViews: '3' }, 'validation_failed'],
      [{ burnAfterReading: 'yes' }, 'validation_failed'],
    ] as const)('%o is 422 %s', async ([options, code]) => {
      const body = JSON.stringify({ content: 'x', ...options })
      const answer = await service.request('POST /api/v1/pastes', { 'Content-Type': 'application/json' }, body)
      expect([answer.status, answer.json().code]).toEqual([422, code])
    })
  })
})
