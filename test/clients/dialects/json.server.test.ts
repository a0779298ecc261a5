import { expect, test } from 'vitest'
import { onBothLanes } from '../../service/support/lanes.ts'
import type { Service } from '../../service/support/service.ts'
import { expectGone } from './expect.ts'
import { hoursLeft } from './form.ts'

const post = (service: Service, path: string, value: object) =>
  service.request(`POST ${path}`, { 'Content-Type': 'application/json' }, JSON.stringify(value))

onBothLanes('pinnwand', (service) => {
  const files = [{ name: 'a.py', lexer: 'python', content: 'print(1)\n' }]

  test("steck's document is answered with link and removal", async () => {
    const answer = await post(service, '/api/v1/paste', { expiry: '1day', files })
    const { link, removal } = answer.json()
    const slug = link.split('/').at(-1)
    expect(answer.status).toBe(200)
    const about = (await service.request(`GET /api/v1/pastes/${slug}`)).json()
    expect(about).toMatchObject({ language: 'python', fileName: 'a.py' })
    expect(await hoursLeft(service, slug)).toBe(24)
    const address = new URL(removal).pathname
    expect((await service.request(`GET ${address}`)).status).toBe(404)
    expect((await service.request(`GET /raw/${slug}`)).text()).toBe('print(1)\n')
    expect((await service.request(`DELETE ${address}`)).status).toBe(200)
    await expectGone(service, slug)
  })

  test('the same address still takes the document of the original service', async () => {
    expect((await post(service, '/api/v1/paste', { content: 'x' })).json()).toHaveProperty('id')
  })

  test.for([
    { files: [...files, ...files] },
    { files: [] },
    { files: 'text' },
    { files: [{ content: '' }] },
    { files: [{ ...files[0], password: 'x' }] },
    { files, password: 'x' },
    { files, content: 'x' },
    { files, expiry: 'soon' },
  ])('%j is refused', async (value) => {
    expect((await post(service, '/api/v1/paste', value)).status).toBe(422)
  })

  test('steck finds lexers and expiries', async () => {
    expect((await service.request('GET /api/v1/lexer')).json()).toHaveProperty('python')
    for (const expiry of Object.keys((await service.request('GET /api/v1/expiry')).json()))
      expect((await post(service, '/api/v1/paste', { expiry, files })).status).toBe(200)
  })

  test("curl's raw=<- is answered in three lines", async () => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const answer = await service.request('POST /curl', type, 'raw=some+text&expiry=1hour&lexer=text')
    const [, link, raw] = /^Paste URL: +(\S+)\nRaw URL: +(\S+)\nRemoval URL: +\S+\n$/.exec(answer.text()) ?? []
    expect((await service.request(`GET ${new URL(raw ?? '').pathname}`)).text()).toBe('some text')
    expect(await hoursLeft(service, link?.split('/').at(-1) ?? '')).toBe(1)
  })
})

onBothLanes('wastebin', (service) => {
  test('its document is answered with a path', async () => {
    const value = { text: 'fn main() {}', extension: 'rs', title: 'T', expires: 3_600, burn_after_reading: false }
    const answer = await post(service, '/', { ...value, password: null })
    const { path } = answer.json()
    expect([answer.status, Object.keys(answer.json())]).toEqual([200, ['path']])
    expect(path).toMatch(/^\/\w+\.rs$/)
    const slug = path.slice(1, -3)
    expect((await service.request(`GET /raw${path}`)).text()).toBe('fn main() {}')
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json()).toMatchObject({ language: 'rs', title: 'T' })
    expect(await hoursLeft(service, slug)).toBe(1)
    expect((await service.request(`DELETE /${slug}`)).status).toBe(401)
  })

  test('burn_after_reading is kept, also of a large text', async () => {
    for (const text of ['secret', 'secret '.repeat(50_000)]) {
      const { path } = (await post(service, '/', { burn_after_reading: true, text })).json()
      expect((await service.request(`GET /raw${path}`)).status).toBe(405)
      expect((await service.request(`POST /api/v1/pastes${path}/claim`)).text()).toBe(text)
    }
  })

  test.for([
    { text: 'x', password: 'secret' },
    { text: 'x', visibility: 'private' },
    { text: 'x', expires: -1 },
    { text: '\ud800' },
    { text: '' },
  ])('%j is refused with a message', async (value) => {
    const answer = await post(service, '/', value)
    expect([answer.status, Object.keys(answer.json())]).toEqual([422, ['message']])
  })
})

onBothLanes('gist', (service) => {
  test('a gist of one file is made and read', async () => {
    const gist = { description: 'notes', public: true, files: { 'a.md': { content: '# a\n' } } }
    const answer = await post(service, '/gists', gist)
    const { id, html_url: page, files } = answer.json()
    expect([answer.status, page]).toEqual([201, `${service.url}/${id}`])
    expect(files['a.md']).toMatchObject({ filename: 'a.md', size: 4, raw_url: `${service.url}/raw/${id}` })
    expect((await service.request(`GET /gists/${id}`)).json()).toMatchObject({ id, description: 'notes', public: true })
    expect((await service.request(`GET /raw/${id}`)).text()).toBe('# a\n')
  })

  test('one that is not public is not listed', async () => {
    const { id } = (await post(service, '/gists', { files: { a: { content: 'x' } } })).json()
    expect((await service.request(`GET /api/v1/pastes/${id}`)).json().visibility).toBe('unlisted')
  })

  test.for([
    { files: {} },
    { files: { a: { content: 'x' }, b: { content: 'y' } } },
    { files: { a: { content: 'x', secret: 1 } } },
    { files: { a: { content: 'x' } }, burn: true },
  ])('%j is refused with a message', async (value) => {
    const answer = await post(service, '/gists', value)
    expect([answer.status, Object.keys(answer.json())]).toEqual([422, ['message']])
  })

  test('a missing one is a message', async () => {
    const answer = await service.request('GET /gists/nowhere')
    expect([answer.status, Object.keys(answer.json())]).toEqual([404, ['message']])
  })
})
