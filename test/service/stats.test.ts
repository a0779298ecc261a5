import { describe, expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import { type Service, useService } from './support/service.ts'

const BROWSER = { Accept: 'text/html,*/*', 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }

const stats = async (service: Service, { slug, editToken }: { slug: string; editToken?: string }) => {
  await service.app.analytics.flush()
  return service.request(`GET /api/v1/pastes/${slug}/stats`, editToken ? { Authorization: `Bearer ${editToken}` } : {})
}

onBothLanes('the figures of a paste', (service) => {
  test.for([
    ['the page', 'GET /SLUG', BROWSER, { views: 1, pageViews: 1 }],
    ['the page as another language', 'GET /SLUG.txt', BROWSER, { views: 1, pageViews: 1 }],
    ['the bytes for a shell', 'GET /SLUG', {}, { views: 1, rawViews: 1 }],
    ['the bytes', 'GET /raw/SLUG', {}, { views: 1, rawViews: 1 }],
    ['a download', 'GET /download/SLUG', {}, { views: 1, rawViews: 1 }],
    ['the content over REST', 'GET /api/v1/pastes/SLUG/content', {}, { views: 1, rawViews: 1 }],
    ["the original service's call", 'GET /api/paste/content/SLUG', {}, { views: 1, rawViews: 1 }],
    ['the original call by address', 'GET /getObject?url=SLUG', {}, { views: 1, rawViews: 1 }],
    ['the first range', 'GET /raw/SLUG', { Range: 'bytes=0-1' }, { views: 1, rawViews: 1 }],
    ['the first lines', 'GET /raw/SLUG?lines=1-1', {}, { views: 1, rawViews: 1 }],
    ['a search at a shell', 'GET /raw/SLUG?grep=two', {}, { views: 1, rawViews: 1 }],
    ['a bot', 'GET /SLUG', { ...BROWSER, 'User-Agent': 'Googlebot/2.1' }, { views: 0, botViews: 1 }],
  ] as const)('%s is a view', async ([, start, fields, expected]) => {
    const made = await service.create({ content: 'one\ntwo\n' })
    await service.request(start.replace('SLUG', made.slug), fields)
    const zero = { views: 0, pageViews: 0, rawViews: 0, botViews: 0 }
    expect((await stats(service, made)).json()).toMatchObject({ ...zero, ...expected })
  })

  test.for([
    ['the next range of a download', 'GET /raw/SLUG', { Range: 'bytes=2-3' }],
    ['a HEAD', 'HEAD /raw/SLUG', {}],
    ['a HEAD of the page', 'HEAD /SLUG', BROWSER],
    ['later lines', 'GET /raw/SLUG?lines=2-2', {}],
    ['what the page fetches to show more', 'GET /raw/SLUG?lines=1-2', { 'X-Requested-With': 'page' }],
    ['a further page', 'GET /SLUG?from=2', BROWSER],
    ['metadata', 'GET /api/v1/pastes/SLUG', {}],
    ['its QR code', 'GET /qr/SLUG', BROWSER],
    ['a range that is not there', 'GET /raw/SLUG', { Range: 'bytes=900-' }],
  ] as const)('%s is none', async ([, start, fields]) => {
    const made = await service.create({ content: 'one\ntwo\n' })
    await service.request(start.replace('SLUG', made.slug), fields)
    expect((await stats(service, made)).json()).toMatchObject({ views: 0, botViews: 0, firstViewAt: null })
  })

  test.for([
    ['of the bytes', 'GET /raw/SLUG', {}],
    ['of the page', 'GET /SLUG', BROWSER],
  ] as const)('an answer that nothing has changed is no view, %s', async ([, start, fields]) => {
    const made = await service.create({ content: 'the same' })
    const { etag = '' } = (await service.request(start.replace('SLUG', made.slug), fields)).headers
    const again = await service.request(start.replace('SLUG', made.slug), { ...fields, 'If-None-Match': etag })
    expect(again.status).toBe(304)
    expect((await stats(service, made)).json()).toMatchObject({ views: 1 })
  })

  test('a reading that is counted is a view, the page with the button is none', async () => {
    const made = await service.create({ content: 'secret', burnAfterReading: true })
    await service.request(`GET /${made.slug}`, BROWSER)
    await service.request(`POST /api/v1/pastes/${made.slug}/claim`)
    expect((await stats(service, made)).json()).toMatchObject({ views: 1, rawViews: 1 })
  })

  test('they are for who holds the edit token', async () => {
    const made = await service.create()
    const [without, wrong] = [
      await stats(service, { slug: made.slug }),
      await stats(service, { ...made, editToken: 'x' }),
    ]
    expect([without.status, without.json().code]).toEqual([401, 'token_required'])
    expect([wrong.status, wrong.json().code]).toEqual([403, 'token_invalid'])
    expect((await stats(service, { slug: 'never-made', editToken: made.editToken })).status).toBe(404)
  })

  test('they are there after the paste has ended, and kept by no cache', async () => {
    const made = await service.create()
    await service.request(`GET /raw/${made.slug}`)
    await service.request(`DELETE /api/v1/pastes/${made.slug}`, { Authorization: `Bearer ${made.editToken}` })
    const answer = await stats(service, made)
    expect([answer.status, answer.json().views, answer.headers['cache-control']]).toEqual([200, 1, 'no-store'])
  })
})

onBothLanes('the figures of the service', (service) => {
  const system = async () => {
    await service.app.analytics.flush()
    return (await service.request('GET /api/v1/stats')).json()
  }

  test('what is there is counted', async () => {
    const content = 'a'.repeat(1_000)
    const made = await Promise.all(Array.from({ length: 3 }, () => service.create({ content })))
    await service.request(`DELETE /api/v1/pastes/${made[0]?.slug}`, { Authorization: `Bearer ${made[0]?.editToken}` })
    const expected = { pastes: { live: 2, contentBytes: 2_000 }, creates: 3, deletes: 1 }
    await expect.poll(system).toMatchObject(expected)
  })

  test('a create that is repeated is one', async () => {
    const before = (await system()).creates
    const key = { 'Idempotency-Key': '8c1f5a6e' }
    const [first, again] = [
      await service.create({ content: 'once' }, key),
      await service.create({ content: 'once' }, key),
    ]
    expect(again.slug).toBe(first.slug)
    expect((await system()).creates).toBe(before + 1)
  })

  test('every door counts', async () => {
    const before = await system()
    await service.request('POST /?title=shell', {}, 'at a shell')
    await service.request('POST /api/paste', { 'Content-Type': 'application/json' }, '{"content":"as before"}')
    await service.request('GET /api/v1/shortenURL?original_url=https%3A%2F%2Fexample.com%2F')
    const form = await fetch(`${service.url}/form`, { method: 'POST', body: new URLSearchParams({ content: 'typed' }) })
    expect(form.status).toBe(201)
    expect((await system()).creates - before.creates).toBe(4)
  })
})

describe('the figures of the service, for its operator', () => {
  const service = useService({ ADMIN_TOKEN: 'of the operator' })

  test('want the admin token where there is one', async () => {
    expect((await service.request('GET /api/v1/stats')).status).toBe(401)
    const given = await service.request('GET /api/v1/stats', { Authorization: 'Bearer of the operator' })
    expect(given.status).toBe(200)
  })
})
