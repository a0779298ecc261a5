import { describe, expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { expectProblem } from './support/bad-input.ts'
import { onBothLanes } from './support/lanes.ts'
import { BOUNDARY, type Fields, type FormPart, file, form, formBody } from './support/message.ts'
import { useService } from './support/service.ts'

const LARGE = 'a line of the output of some build\n'.repeat(60_000)
const TYPED = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` }
const field = (name: string, value: string): FormPart => ({ name, value })

onBothLanes('options behind a large file', (service) => {
  const read = async (slug: string) => (await service.request(`GET /raw/${slug}`)).text()

  test('are taken, the name among them', async () => {
    const asked = [file(LARGE), field('slug', 'named-last'), field('title', 'late'), field('expiresIn', '1h')]
    const answer = await service.ask(form(asked))
    expect(answer.status, answer.text()).toBe(201)
    expect(answer.json()).toMatchObject({ slug: 'named-last', title: 'late', fileName: 'a.txt' })
    expect(await read('named-last')).toBe(LARGE)
    const { createdAt, expiresAt } = (await service.request('GET /api/v1/pastes/named-last')).json()
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(3_600_000)
  })

  test('that make it private give it a long name', async () => {
    const { slug, visibility } = (await service.ask(form([file(LARGE), field('visibility', 'private')]))).json()
    expect([slug.length >= 22, visibility]).toEqual([true, 'private'])
    expect(await read(slug)).toBe(LARGE)
  })

  test('that have it read once hide it from GET', async () => {
    const { slug } = (await service.ask(form([file(LARGE), field('burnAfterReading', 'true')]))).json()
    expectProblem(await service.request(`GET /raw/${slug}`), 'burn_requires_post')
    expect((await service.request(`POST /api/v1/pastes/${slug}/claim`)).text()).toBe(LARGE)
    expectProblem(await service.request(`GET /raw/${slug}`), 'burned')
  })

  test('that name a taken name leave nothing behind', async () => {
    const { slug } = await service.create({ slug: 'taken-before' })
    expectProblem(await service.ask(form([file(LARGE), field('slug', slug)])), 'slug_taken')
    expect(await read(slug)).toBe('some text')
  })

  test('that are wrong leave nothing behind', async () => {
    for (const [name, value, code] of [
      ['colour', 'red', 'unknown_field'],
      ['expiresIn', 'soon', 'invalid_expiry'],
      ['visibility', 'nobody', 'validation_failed'],
    ] as const)
      expectProblem(await service.ask(form([file(LARGE), field(name, value)])), code)
  })

  test('with an Idempotency-Key come before the file, or are refused', async () => {
    const keyed = { 'Idempotency-Key': 'options-behind' }
    const refused = await service.ask(form([file(LARGE), field('visibility', 'private')], keyed))
    expectProblem(refused, 'field_after_file')
    const small = () => service.ask(form([file(), field('title', 'late')], { 'Idempotency-Key': 'small-behind' }))
    const [first, again] = [await small(), await small()]
    expect([first.json().title, again.json().slug]).toEqual(['late', first.json().slug])
  })
  afterwards(service)
})

describe('forms of other clients', () => {
  const service = useService()
  const post = (fields: Fields, body: string | Buffer) => service.request('POST /', fields, body)
  const postForm = (parts: FormPart[]) => post(TYPED, formBody(parts))
  const slugOf = (text: string) => text.trim().split('/').at(-1) ?? ''
  const readBack = async (text: string) => (await service.request(`GET /raw/${slugOf(text)}`)).text()

  test.for(['content', 'f', 'f:1', 'sprunge', 'data', 'raw', 'c', 'text', 'paste', 'code'])(
    'content in a text field %s is as long as it likes',
    async (name) => {
      const answer = await postForm([field(name, LARGE)])
      expect(answer.status, answer.text()).toBe(201)
      expect(await readBack(answer.text())).toBe(LARGE)
    },
  )

  test.for(['url', 'remote', 'oneshot_url', 'protected', 'title'])(
    'a file called %s is refused by name',
    async (name) => {
      const answer = await postForm([{ ...file(), name }])
      expectProblem(answer, 'unknown_field')
      expect(answer.json().pointer).toBe(`/${name}`)
    },
  )

  test('a file called oneshot is read once', async () => {
    const answer = await postForm([{ ...file(), name: 'oneshot' }])
    expectProblem(await service.request(`GET /raw/${slugOf(answer.text())}`), 'burn_requires_post')
    const contradiction = [{ ...file(), name: 'oneshot' }, field('burnAfterReading', 'false')]
    expectProblem(await postForm(contradiction), 'duplicate_field')
  })

  test('a field called secret gives it a long address, whatever its value', async () => {
    for (const parts of [
      [file(), field('secret', '')],
      [field('secret', '1'), file(LARGE)],
      [file(LARGE), field('secret', '')],
    ]) {
      const answer = await postForm(parts)
      expect(slugOf(answer.text()).length, answer.text()).toBeGreaterThan(21)
    }
    const contradiction = [file(), field('secret', ''), field('visibility', 'public')]
    expectProblem(await postForm(contradiction), 'conflicting_options')
  })

  test('lines that end with LF alone are refused in words', async () => {
    const answer = await post(TYPED, formBody([file()]).toString().replaceAll('\r\n', '\n'))
    expectProblem(answer, 'invalid_multipart')
    expect(answer.json().detail).toContain('CR LF')
  })

  describe('urlencoded', () => {
    const typed = { 'Content-Type': 'application/x-www-form-urlencoded' }

    test.for([
      ['content=hi', 'hi'],
      ['content=hi+there%0A', 'hi there\n'],
      ['poster=None&content=%C3%A9%26%3D&syntax=text', 'é&='],
      ['text=a%00b%ff', 'a\0b\ufffd'],
      ['c=x&title=t', 'x'],
    ])('%s is a form', async ([sent = '', content]) => {
      const answer = await post(typed, sent)
      expect(answer.status, answer.text()).toBe(sent.includes('poster=') ? 302 : 201)
      expect(await readBack(answer.text())).toBe(content)
    })

    test.for(['a=1&c=2', 'content=1\n', 'key=value', 'just words', 'x'.repeat(70_000)])(
      '%j is content',
      async (sent) => {
        expect(await readBack((await post(typed, sent)).text())).toBe(sent)
      },
    )

    test('that is a log which begins like one is content', async () => {
      const sent = `content=${LARGE}`
      expect(await readBack((await post(typed, sent)).text())).toBe(sent)
    })

    test('of more than 64 KiB is a form too', async () => {
      const answer = await post(typed, `title=large&content=${encodeURIComponent(LARGE)}`)
      expect(answer.status, answer.text().slice(0, 300)).toBe(201)
      expect(await readBack(answer.text())).toBe(LARGE)
    })
  })

  describe('JSON', () => {
    const typed = { 'Content-Type': 'application/json' }
    const envelopes = [
      { data: 'x', burn_after_reading: true },
      { body: 'x', oneshot: true },
      { v: 2, adata: [['iv'], 'plaintext', 0, 1], ct: 'x', meta: { expire: '1week' } },
      { content: 'x', password: 'secret' },
      { expiry: '1day', files: [{ name: 'a', lexer: 'text', content: 'x' }] },
      { burn_after_reading: true, content: LARGE },
      { content: LARGE, burn_after_reading: true },
    ]

    test.for(envelopes)('of another pastebin is refused', async (envelope) => {
      const answer = await post(typed, JSON.stringify(envelope))
      expectProblem(answer, 'unknown_field')
      expect(answer.json().detail).toContain('text/plain')
    })

    test('without a media type, as PrivateBin has it, is refused', async () => {
      expectProblem(await post({}, JSON.stringify(envelopes[2])), 'unknown_field')
    })

    test('that curl calls a form is refused when it asks for privacy', async () => {
      const fields = { 'Content-Type': 'application/x-www-form-urlencoded' }
      expectProblem(await post(fields, '{"data":"x","burn_after_reading":true}'), 'unknown_field')
    })

    test('of this service makes a paste', async () => {
      const answer = await post(typed, JSON.stringify({ content: 'x', visibility: 'private', title: null }))
      expect(slugOf(answer.text()).length).toBeGreaterThan(21)
    })

    test.for(['{"name":"x","version":"1"}', '[{"content":"x"}]', '{"a":{"content":"x"}}', '{"broken', '"text"'])(
      '%s is content',
      async (sent) => {
        expect(await readBack((await post(typed, sent)).text())).toBe(sent)
      },
    )

    test('as text is content whatever is in it', async () => {
      const sent = JSON.stringify(envelopes[0])
      expect(await readBack((await post({ 'Content-Type': 'text/plain' }, sent)).text())).toBe(sent)
    })
  })

  test.for([
    ['Max-Downloads', '1', { maxViews: 1 }],
    ['Max-Days', '1', {}],
    ['Expire', '1h', {}],
  ] as const)('the header %s is an option', async ([name, value, expected]) => {
    const answer = await service.request('PUT /', { [name]: value }, 'x')
    const made = (await service.request(`GET /api/v1/pastes/${slugOf(answer.text())}`)).json()
    expect(made).toMatchObject(expected)
    if (name !== 'Max-Downloads')
      expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBeLessThan(86_400_001)
    expectProblem(await service.request('PUT /?maxViews=7&expiresIn=2h', { [name]: value }, 'x'), 'conflicting_options')
  })

  test('a header that asks for a password is refused', async () => {
    expectProblem(await service.request('PUT /', { 'X-Encrypt-Password': 'x' }, 'x'), 'unknown_field')
  })
})
