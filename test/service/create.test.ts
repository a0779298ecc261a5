import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { onBothLanes } from './support/lanes.ts'
import { chunked, file, form, paste, raw } from './support/message.ts'

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const MIB = 1024 * 1024
const large = Buffer.from('a line of a log that is like many others\n'.repeat(80_000))
const noise = createHash('shake256', { outputLength: 3 * MIB })
  .update('noise')
  .digest()

onBothLanes('making a paste', (service) => {
  test('JSON gives the whole account of it', async () => {
    const content = 'first\nsecond\n'
    const answer = await service.ask(paste({ content, title: 'a title', language: 'Python', expiresIn: '1h' }))
    const made = answer.json()
    expect(answer.status).toBe(201)
    expect(answer.headers).toMatchObject({ location: made.url, 'cache-control': 'no-store' })
    expect(made).toMatchObject({
      slug: expect.stringMatching(/^[2-9A-HJ-NP-Za-km-z]{8}$/),
      url: `${service.url}/${made.slug}`,
      rawUrl: `${service.url}/raw/${made.slug}`,
      title: 'a title',
      language: 'python',
      fileName: null,
      visibility: 'unlisted',
      size: content.length,
      lines: 2,
      sha256: sha256(content),
      mediaType: 'text/plain; charset=utf-8',
      version: 1,
      editToken: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('a form takes options before its file, and keeps the name of the file', async () => {
    const answer = await service.ask(form([{ name: 'title', value: 'a title' }, file('<p>', 'page.html')]))
    expect(answer.json()).toMatchObject({ title: 'a title', fileName: 'page.html', size: 3 })
  })

  test('a raw body takes options from the query', async () => {
    const answer = await service.ask(raw('some text', {}, '?title=a%20title&slug=by-query&expiresIn=60&fileName=a.txt'))
    expect(answer.json()).toMatchObject({ slug: 'by-query', title: 'a title', fileName: 'a.txt' })
  })

  test('a raw body may come in chunks of unknown number', async () => {
    const answer = await service.ask(raw(chunked('some ', 'text'), { 'Transfer-Encoding': 'chunked' }))
    expect((await service.request(`GET /raw/${answer.json().slug}`)).text()).toBe('some text')
  })

  test.for([
    { what: 'a log of 3 MiB', content: large },
    { what: '3 MiB of noise', content: noise },
    { what: 'one byte', content: Buffer.from([0xff]) },
  ])('$what comes back byte for byte', async ({ content }) => {
    const made = (await service.ask(raw(content))).json()
    const read = await service.request(`GET /raw/${made.slug}`)
    expect(made).toMatchObject({ size: content.length, sha256: sha256(content) })
    expect(read.headers['content-length']).toBe(`${content.length}`)
    expect(read.body.equals(content)).toBe(true)
  })

  test('a private paste has a slug of 22 characters', async () => {
    expect((await service.create({ visibility: 'private' })).slug).toMatch(/^\w{22}$/)
  })

  test('an expiry may be given as a time', async () => {
    const expiresAt = new Date(service.clock.now() + 86_400_000).toISOString()
    expect((await service.create({ expiresAt })).expiresAt).toBe(expiresAt)
  })

  test('it stays for ever where nothing forbids it', async () => {
    expect((await service.create({ expiresIn: 'never' })).expiresAt).toBeNull()
  })

  test('of 32 creators of one name at once, one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, index) => service.ask(paste({ slug: 'wanted-by-many', content: `${index}` }))),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([201, ...Array.from({ length: 31 }, () => 409)])
    const winner = answers.findIndex(({ status }) => status === 201)
    expect((await service.request('GET /raw/wanted-by-many')).text()).toBe(`${winner}`)
  })

  test('of 8 uploaders of one name at once, one gets it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => service.ask(raw(noise, {}, '?slug=uploaded-by-many'))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...new Array<number>(7).fill(409)])
  })

  afterwards(service)
})
