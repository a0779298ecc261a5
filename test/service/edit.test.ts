import { describe, expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { onBothLanes } from './support/lanes.ts'
import { raw } from './support/message.ts'
import type { Created, Service } from './support/service.ts'

const LARGE = Buffer.alloc(2 * 1024 * 1024, 'a larger text, of which there are many copies. ')

const bearer = ({ editToken }: Created, more: Record<string, string> = {}) => ({
  Authorization: `Bearer ${editToken}`,
  ...more,
})
const change = (service: Service, made: Created, body: object, more = {}) =>
  service.request(
    `PATCH /api/v1/pastes/${made.slug}`,
    bearer(made, { 'Content-Type': 'application/json', ...more }),
    JSON.stringify(body),
  )
const replace = (service: Service, made: Created, body: string | Buffer, more = {}) =>
  service.request(`PUT /api/v1/pastes/${made.slug}/content`, bearer(made, more), body)
const remove = (service: Service, made: Created, more = {}) =>
  service.request(`DELETE /api/v1/pastes/${made.slug}`, bearer(made, more))
const read = async (service: Service, { slug }: Created) => (await service.request(`GET /raw/${slug}`)).body.toString()

onBothLanes('a PUT that is sent twice with one If-Match', (service) => {
  test.for([
    { what: 'small', body: 'what was meant' },
    { what: 'large', body: LARGE },
  ])('is answered twice with the same version, $what', async ({ body }) => {
    const made = await service.create({ content: 'before' })
    const { etag = '' } = (await service.request(`GET /api/v1/pastes/${made.slug}`)).headers
    const answers = [await replace(service, made, body, { 'If-Match': etag })]
    answers.push(await replace(service, made, body, { 'If-Match': etag }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[1]?.json()).toEqual(answers[0]?.json())
    expect(answers[1]?.headers.etag).toBe(answers[0]?.headers.etag)
  })

  test('with other content, or for another file name, is 412', async () => {
    const made = await service.create({ content: 'before' })
    const { etag = '' } = (await service.request(`GET /api/v1/pastes/${made.slug}`)).headers
    await replace(service, made, 'meant', { 'If-Match': etag })
    expect((await replace(service, made, 'other', { 'If-Match': etag })).status).toBe(412)
    expect((await replace(service, made, LARGE, { 'If-Match': etag })).status).toBe(412)
    const named = `PUT /api/v1/pastes/${made.slug}/content?fileName=b.txt`
    expect((await service.request(named, bearer(made, { 'If-Match': etag }), 'meant')).status).toBe(412)
    expect(await read(service, made)).toBe('meant')
  })
})

onBothLanes('changing a paste', (service) => {
  test('by its token changes what is named and leaves the rest', async () => {
    const slug = `a-name-that-nobody-guesses-${service.made.size}`
    const made = await service.create({ slug, title: 'old', language: 'python' })
    const answer = await change(service, made, { title: 'new', visibility: 'private' })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ title: 'new', language: 'python', visibility: 'private', version: 2 })
  })

  test('null takes a title away', async () => {
    const made = await service.create({ title: 'old' })
    expect((await change(service, made, { title: null })).json().title).toBeNull()
  })

  test('a later end keeps it alive', async () => {
    const made = await service.create({ expiresIn: 60 })
    expect((await change(service, made, { expiresIn: '1w' })).status).toBe(200)
    service.clock.advance(120_000)
    expect((await service.request(`GET /raw/${made.slug}`)).status).toBe(200)
  })

  test.for([
    { what: 'small by small', from: 'old', to: 'new' },
    { what: 'small by large', from: 'old', to: LARGE },
    { what: 'large by small', from: LARGE, to: 'new' },
    { what: 'large by large', from: LARGE, to: LARGE.subarray(1) },
  ])('content is replaced, $what', async ({ from, to }) => {
    const made: Created = (await service.ask(raw(from))).json()
    await read(service, made)
    expect((await replace(service, made, to)).json()).toMatchObject({ size: to.length })
    expect(await read(service, made)).toBe(to.toString())
  })

  test('a name of its own lets a file be named anew', async () => {
    const made = await service.create()
    const path = `PUT /api/v1/pastes/${made.slug}/content?fileName=b.txt`
    expect((await service.request(path, bearer(made), 'x')).json().fileName).toBe('b.txt')
  })

  test('deletion ends it at once, and for good', async () => {
    const made: Created = (await service.ask(raw(LARGE))).json()
    await read(service, made)
    const answer = await remove(service, made)
    expect([answer.status, answer.body.length]).toEqual([204, 0])
    for (const path of [`/raw/${made.slug}`, `/${made.slug}`, `/api/v1/pastes/${made.slug}`])
      expect((await service.request(`GET ${path}`)).status, path).toBe(410)
  })
})

onBothLanes('changing a paste under a condition', (service) => {
  test.for(['metadata', 'content', 'zstd'])('goes on while the tag of its %s is the one held', async (kind) => {
    const made = await service.create({ content: 'a text that shrinks '.repeat(500) })
    const path = kind === 'metadata' ? `/api/v1/pastes/${made.slug}` : `/raw/${made.slug}`
    const { etag } = (await service.request(`GET ${path}`, kind === 'zstd' ? { 'Accept-Encoding': 'zstd' } : {}))
      .headers
    expect((await replace(service, made, 'new', { 'If-Match': `${etag}` })).status).toBe(200)
    expect((await replace(service, made, 'newer', { 'If-Match': `${etag}` })).status).toBe(412)
    expect(await read(service, made)).toBe('new')
  })

  test('If-Match: * goes on while there is something', async () => {
    expect((await remove(service, await service.create(), { 'If-Match': '*' })).status).toBe(204)
  })

  test('of two changes under one tag, one is made', async () => {
    const made = await service.create()
    const { etag } = (await service.request(`GET /api/v1/pastes/${made.slug}`)).headers
    const titles = ['one', 'other']
    const answers = await Promise.all(
      titles.map((title) => change(service, made, { title }, { 'If-Match': `${etag}` })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412])
  })

  test('the answer to a change has the new tag', async () => {
    const made = await service.create()
    const { etag } = (await change(service, made, { title: 'x' })).headers
    expect((await change(service, made, { title: 'y' }, { 'If-Match': `${etag}` })).status).toBe(200)
  })

  describe('and without one', () => {
    test('16 changes at once are all answered, and what is read is one of them', async () => {
      const made = await service.create()
      const texts = Array.from({ length: 16 }, (_, index) => `text ${index}`)
      const answers = await Promise.all(texts.map((text) => replace(service, made, text)))
      expect(answers.every(({ status }) => [200, 412].includes(status))).toBe(true)
      expect(texts).toContain(await read(service, made))
    })
  })
  afterwards(service)
})
