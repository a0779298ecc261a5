import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { expectProblem } from './support/bad-input.ts'
import { useService } from './support/service.ts'

const PIN = '4711'
const SHA256 = createHash('sha256').update(PIN).digest('hex')
const KEPT_BACK = { size: null, lines: null, sha256: null }
const SHOWN = { size: 4, lines: 1, sha256: SHA256 }

describe.each([{ burnAfterReading: true }, { maxViews: 3 }])('a paste with %o', (options) => {
  const service = useService()
  const made = () => service.create({ content: PIN, visibility: 'public', ...options })
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

  test('tells neither size nor lines nor hash without its edit token', async () => {
    const { slug } = await made()
    const answer = await service.request(`GET /api/v1/pastes/${slug}`)
    expect(answer.json()).toMatchObject({ slug, ...KEPT_BACK })
    expect(JSON.stringify([answer.headers, answer.text()])).not.toContain(SHA256.slice(0, 32))
  })

  test('tells them its owner, in no cache', async () => {
    const { slug, editToken, ...created } = await made()
    expect(created).toMatchObject(SHOWN)
    const { etag = '' } = (await service.request(`GET /api/v1/pastes/${slug}`)).headers
    const answer = await service.request(`GET /api/v1/pastes/${slug}`, { ...bearer(editToken), 'If-None-Match': etag })
    expect(answer.json()).toMatchObject(SHOWN)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('refuses a wrong token', async () => {
    const { slug } = await made()
    expectProblem(await service.request(`GET /api/v1/pastes/${slug}`, bearer('x'.repeat(43))), 'token_invalid')
  })

  test('answers a right guess at its content like a wrong one', async () => {
    const { slug } = await made()
    for (const condition of ['If-Match', 'If-None-Match', 'If-Range'])
      for (const path of ['', '/content'])
        for (const method of ['GET', 'HEAD']) {
          const [right, wrong] = await Promise.all(
            [SHA256, 'f'.repeat(64)].map((guess) =>
              service.request(`${method} /api/v1/pastes/${slug}${path}`, { [condition]: `"${guess.slice(0, 32)}"` }),
            ),
          )
          expect(right?.status, `${method} ${path} ${condition}`).toBe(wrong?.status)
        }
  })

  test('is of rough size on its page and in the list of public ones', async () => {
    const { slug } = await made()
    for (const path of [`/${slug}`, '/recent', '/api/v1/pastes']) {
      const page = (await service.request(`GET ${path}`, { Accept: 'text/html' })).text()
      expect(page).toContain(slug)
      expect(page).toMatch(/up to 4 KiB|"size":null,"lines":null,"sha256":null/)
      expect(page).not.toMatch(/\b4 B\b|1 line\b|"size":4\b/)
    }
  })

  test('has statistics for its owner alone', async () => {
    const { slug } = await made()
    expectProblem(await service.request(`GET /api/v1/pastes/${slug}/stats`), 'token_required')
  })
})
