import { expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { expectProblem } from './support/bad-input.ts'
import { onBothLanes } from './support/lanes.ts'
import { file, form } from './support/message.ts'
import type { Service } from './support/service.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const post = (service: Service, path: string, body: object) =>
  service.request(`POST ${path}`, JSON_TYPE, JSON.stringify(body))
const hoursOf = async (service: Service, slug: string) => {
  const { createdAt, expiresAt } = (await service.request(`GET /api/v1/pastes/${slug}`)).json()
  return Math.ceil((Date.parse(expiresAt) - Date.parse(createdAt)) / 1_000) / 3_600
}

onBothLanes("the original service's calls", (service) => {
  test.for(['/api/paste', '/api/v1/paste'])('POST %s answers id and url of a paste of 24 hours', async (path) => {
    const answer = await post(service, path, { content: 'some text' })
    const { id } = answer.json()
    expect(answer.status).toBe(201)
    expect(answer.json()).toEqual({ id, url: `${service.url}/${id}` })
    expect(await hoursOf(service, id)).toBe(24)
    expect((await service.request(`GET /raw/${id}`)).text()).toBe('some text')
  })

  test.for(['/api/paste', '/api/v1/paste'])('POST %s takes a custom URL', async (path) => {
    const customUrl = `custom${path.replaceAll('/', '-')}`
    expect((await post(service, path, { content: 'x', customUrl })).json().id).toBe(customUrl)
    expectProblem(await post(service, path, { content: 'x', customUrl }), 'slug_taken')
  })

  test.for(['/api/paste', '/api/v1/paste'])('POST %s takes a file in a form', async (path) => {
    const { bytes } = form([file('from a file')])
    const asking = { bytes: Buffer.from(bytes.toString('latin1').replace('/api/v1/pastes', path), 'latin1') }
    const { id } = (await service.ask(asking)).json()
    expect((await service.request(`GET /raw/${id}`)).text()).toBe('from a file')
  })

  test('POST /api/paste/expiry takes seconds', async () => {
    const { id } = (await post(service, '/api/paste/expiry', { content: 'x', expiry: 7_200 })).json()
    expect(await hoursOf(service, id)).toBe(2)
  })

  test.for([0, -1, 5, 1.5, '60'])('POST /api/paste/expiry refuses an expiry of %j', async (expiry) => {
    expectProblem(await post(service, '/api/paste/expiry', { content: 'x', expiry }), 'invalid_expiry')
  })

  test('GET /api/paste/content/:id answers the text in JSON', async () => {
    const content = 'quotes ", backslashes \\, line\nfeeds, שלום 😀 \u0000'
    const { id } = (await post(service, '/api/paste', { content })).json()
    const answer = await service.request(`GET /api/paste/content/${id}`)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.json()).toEqual({ content })
  })

  test('GET /api/paste/content/:id answers text of several frames in JSON', async () => {
    const content = '😀 many characters of four bytes'.repeat(80_000)
    const { id } = (await post(service, '/api/paste', { content })).json()
    expect((await service.request(`GET /api/paste/content/${id}`)).json().content === content).toBe(true)
  })

  test.for(['/api/paste/content', '/getObject'])('GET %s?url= answers the bytes, by URL and by slug', async (path) => {
    const { id, url } = (await post(service, '/api/paste', { content: 'some text' })).json()
    for (const address of [url, id, `${service.url}/raw/${id}`])
      expect((await service.request(`GET ${path}?url=${encodeURIComponent(address)}`)).text()).toBe('some text')
  })

  test('GET /getObject without url is refused', async () => {
    expectProblem(await service.request('GET /api/paste/content'), 'bad_request')
    expectProblem(await service.request('GET /getObject'), 'validation_failed')
    expectProblem(await service.request('GET /getObject?url=nowhere'), 'not_found')
  })

  test('GET /api/v1/shortenURL answers a short URL that leads there', async () => {
    const target = 'https://example.com/a/long/way?with=a&query#and'
    const answer = await service.request(`GET /api/v1/shortenURL?original_url=${encodeURIComponent(target)}`)
    const slug = answer.text().split('/').at(-1) ?? ''
    service.made.add(slug)
    expect(answer.text()).toBe(`${service.url}/${slug}`)
    const followed = await service.request(`GET /${slug}`)
    expect([followed.status, followed.headers.location]).toEqual([302, target])
  })

  test('GET /api/v1/shortenURL refuses what is no public address', async () => {
    const ask = (url: string) => service.request(`GET /api/v1/shortenURL?original_url=${encodeURIComponent(url)}`)
    expectProblem(await ask('javascript:alert(1)'), 'forbidden_target')
    expectProblem(await ask('nothing'), 'invalid_original_url')
    expectProblem(await service.request('GET /api/v1/shortenURL'), 'validation_failed')
  })
  afterwards(service)
})
