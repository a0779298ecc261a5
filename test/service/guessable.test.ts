import { describe, expect, test } from 'vitest'
import { expectProblem } from './support/bad-input.ts'
import { json, paste, raw } from './support/message.ts'
import { useService } from './support/service.ts'

const LONG = 'kestrel-7-umbrella-42-Quartz'

describe('a private paste', () => {
  const service = useService()
  const toPrivate = (slug: string, token: string) =>
    service.request(
      `PATCH /api/v1/pastes/${slug}`,
      { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      '{"visibility":"private"}',
    )

  test.for(['notes', 'my-private-notes-2026', 'a'.repeat(40), 'abababababababababababab'])(
    'is refused under a name that might be guessed: %s',
    async (slug) => {
      expectProblem(await service.ask(paste({ slug, visibility: 'private' })), 'guessable_slug')
      expectProblem(await service.ask(raw('x', {}, `?visibility=private&slug=${slug}`)), 'guessable_slug')
      expect((await service.request(`GET /raw/${slug}`)).status).toBe(404)
    },
  )

  test('may have a long name', async () => {
    expect((await service.create({ slug: LONG, visibility: 'private' })).slug).toBe(LONG)
  })

  test('can not be made of one under a short name, and is told what to do', async () => {
    const { slug, editToken } = await service.create()
    const refused = await toPrivate(slug, editToken)
    expectProblem(refused, 'guessable_slug')
    expect(refused.json().detail).toContain('Post it again as private')
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().visibility).toBe('unlisted')
  })

  test('can be made of one under a long name', async () => {
    const { slug, editToken } = await service.create({ slug: `${LONG}-2` })
    expect((await toPrivate(slug, editToken)).status).toBe(200)
    expect((await toPrivate(slug, editToken)).status).toBe(200)
  })

  test('is stored by no cache where a copy of it is begun', async () => {
    const { slug } = await service.create({ visibility: 'private' })
    const form = await service.request(`GET /?from=${slug}`, { Accept: 'text/html' })
    expect([form.status, form.headers['cache-control']]).toEqual([200, 'no-store'])
  })
})

describe('what shows nothing, or something else than it is', () => {
  const service = useService()

  test.for(['\u200b', '\u200b \u2060', '\ufeff\u200b', '\u3164', '\u2800 \u2800', '\u00ad'])(
    'a title without a visible character is refused: %j',
    async (title) => {
      expectProblem(await service.ask(json(JSON.stringify({ content: 'x', title }))), 'invalid_title')
    },
  )

  test('an empty title is none', async () => {
    const { slug } = await service.create({ title: '  ' })
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().title).toBeNull()
  })

  test.for([
    ['a.html.', 'a.html.txt'],
    ['a.html. .', 'a.html.txt'],
    ['a.html::$DATA', 'a.html__$DATA'],
    ['a.exe:x.txt', 'a.exe_x.txt'],
  ])('a file name that Windows reads otherwise is made safe: %s', async ([name, shown]) => {
    const { slug } = (await service.ask(raw('<b>', {}, `?fileName=${encodeURIComponent(name as string)}`))).json()
    const { headers } = await service.request(`GET /raw/${slug}`)
    expect(headers['content-disposition']?.replaceAll('"', '')).toBe(`inline; filename=${shown}`)
  })

  test.for(['Sec-Purpose', 'Purpose', 'X-Moz'])('a prefetch makes no short link: %s', async (header) => {
    const answer = await service.request('GET /api/v1/shortenURL?original_url=https%3A%2F%2Fexample.com', {
      [header]: 'prefetch;prerender',
    })
    expectProblem(answer, 'bad_request')
  })
})
