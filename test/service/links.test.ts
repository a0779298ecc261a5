import { expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import type { Service } from './support/service.ts'

const TARGET = 'https://example.com/a/long/way?with=a&query#and'
const shorten = (service: Service, body: object) =>
  service.request('POST /api/v1/links', { 'Content-Type': 'application/json' }, JSON.stringify(body))

const retarget = (service: Service, slug: string, editToken: string, target: string | undefined) =>
  service.request(
    `PUT /api/v1/pastes/${slug}/content`,
    { Authorization: `Bearer ${editToken}`, 'Content-Type': 'text/plain' },
    target,
  )

onBothLanes('short links', (service) => {
  test('a link answers its slug, its target and a token', async () => {
    const answer = await shorten(service, { url: TARGET, slug: 'the-way', expiresIn: '1h' })
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`${service.url}/the-way`)
    expect(answer.json()).toMatchObject({ slug: 'the-way', target: TARGET, editToken: expect.any(String) })
  })

  test.for(['*/*', 'text/html,application/xhtml+xml'])('who accepts %s is led to the target by 302', async (Accept) => {
    const { slug } = (await shorten(service, { url: TARGET })).json()
    const followed = await service.request(`GET /${slug}`, { Accept })
    expect([followed.status, followed.headers.location]).toEqual([302, TARGET])
  })

  test('a target is written as browsers write it', async () => {
    const { target } = (await shorten(service, { url: 'HTTPS://EXAMPLE.com:443/ä b' })).json()
    expect(target).toBe('https://example.com/%C3%A4%20b')
  })

  test('a target cannot break a header', async () => {
    const { slug } = (await shorten(service, { url: 'https://example.com/\r\nSet-Cookie: a=b' })).json()
    const followed = await service.request(`GET /${slug}`)
    expect(followed.headers['set-cookie']).toBeUndefined()
  })

  test('a target that grows long when it is written out is refused, not cut', async () => {
    const answer = await shorten(service, { url: `https://example.com/${'\u6f22'.repeat(1_900)}` })
    expect([answer.status, answer.json().code]).toEqual([422, 'invalid_original_url'])
  })

  test.for([
    ['https://example.org/new', 'https://example.org/new'],
    ['HTTPS://EXAMPLE.org/ä\n', 'https://example.org/%C3%A4'],
  ])('its token changes the target to %s', async ([target, followed]) => {
    const { slug, editToken } = (await shorten(service, { url: TARGET })).json()
    expect((await retarget(service, slug, editToken, target)).status).toBe(200)
    expect((await service.request(`GET /${slug}`)).headers.location).toBe(followed)
  })

  test.for([
    ['http://169.254.169.254/', 'forbidden_target'],
    ['javascript:alert(1)', 'forbidden_target'],
    ['no address', 'invalid_original_url'],
    [`https://example.com/${'x'.repeat(200_000)}`, 'invalid_original_url'],
  ])('its token can not change the target to what no link may have: %#', async ([target, code]) => {
    const { slug, editToken } = (await shorten(service, { url: TARGET })).json()
    const answer = await retarget(service, slug, editToken, target)
    expect([answer.status, answer.json().code]).toEqual([422, code])
    expect((await service.request(`GET /${slug}`)).headers.location).toBe(TARGET)
  })

  test('a link is deleted by its token', async () => {
    const { slug, editToken } = (await shorten(service, { url: TARGET })).json()
    await service.request(`GET /${slug}`)
    await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
    expect((await service.request(`GET /${slug}`)).status).toBe(410)
  })

  test('links and pastes share their names', async () => {
    const { slug } = await service.create()
    expect((await shorten(service, { url: TARGET, slug })).json().code).toBe('slug_taken')
  })

  test('links are in no list', async () => {
    const { slug } = (await shorten(service, { url: TARGET })).json()
    const { pastes } = (await service.request('GET /api/v1/pastes?limit=100')).json()
    expect(pastes.map((paste: { slug: string }) => paste.slug)).not.toContain(slug)
  })
})
