import { describe, expect, test } from 'vitest'
import { PLACES, type Placed, type Texts, WAYS, type Way } from './support/option-places.ts'
import { useService } from './support/service.ts'

type Made = { visibility: string; maxViews: number | null; createdAt: string; expiresAt: string }

const HOUR = 3_600_000
const lifeOf = (made: Made) => Math.round((Date.parse(made.expiresAt) - Date.parse(made.createdAt)) / 1_000) * 1_000

/** What each option has to do to the paste. */
const OPTIONS: { texts: Texts; other: Texts; honoured: (made: Made) => boolean }[] = [
  {
    texts: { burnAfterReading: 'true' },
    other: { burnAfterReading: 'false' },
    honoured: (made) => made.maxViews === 1,
  },
  { texts: { maxViews: '3' }, other: { maxViews: '4' }, honoured: (made) => made.maxViews === 3 },
  {
    texts: { visibility: 'private' },
    other: { visibility: 'public' },
    honoured: (made) => made.visibility === 'private',
  },
  { texts: { expiresIn: '1h' }, other: { expiresIn: '2h' }, honoured: (made) => lifeOf(made) === HOUR },
  {
    texts: { expiresAt: '2027-01-31T12:00:00Z' },
    other: { expiresAt: '2027-01-30T12:00:00Z' },
    honoured: (made) => Date.parse(made.expiresAt) === Date.parse('2027-01-31T12:00:00Z'),
  },
]

const UNKNOWN: Texts[] = [
  { nonsense: '1' },
  { password: 'secret' },
  { burn_after_reading: 'true' },
  { Visibility: 'private' },
]

describe('options of a create', () => {
  const service = useService()

  async function send(way: Way, placed: Placed) {
    const asking = way.ask(placed)
    return asking && service.app.http.app.inject(asking)
  }

  /** The metadata of what an answer says was made. */
  async function madeBy(answer: NonNullable<Awaited<ReturnType<typeof send>>>): Promise<Made> {
    const { 'x-paste-url': tusUrl, location } = answer.headers
    const text = `${tusUrl ?? (location as string | undefined) ?? answer.body}`
    const slug = /127\.0\.0\.1:\d+\/([\w-]{3,64})/.exec(text)?.[1]
    const found = await service.app.http.app.inject({ url: `/api/v1/pastes/${slug}`, headers: { host: 'paste.test' } })
    expect(found.statusCode, `${text}\n${found.body}`).toBe(200)
    return found.json()
  }

  describe.each(WAYS)('$name', (way) => {
    test('without any makes one', async () => {
      const answer = await send(way, {})
      expect(answer?.statusCode, answer?.body).toBe(way.name.startsWith('GET') ? 200 : 201)
    })

    test.for(PLACES)('in the %s are honoured, or refused by name', async (place) => {
      for (const { texts, honoured } of OPTIONS) {
        const answer = await send(way, { [place]: texts })
        if (!answer) return
        const name = Object.keys(texts).join()
        if (answer.statusCode < 300) expect(honoured(await madeBy(answer)), name).toBe(true)
        else {
          expect(answer.statusCode, `${name}: ${answer.body}`).toBe(422)
          expect(answer.body).toContain(name)
        }
        if (way.makes === 'paste' && !way.name.includes('/expiry')) expect(answer.statusCode, name).toBe(201)
      }
    })

    test.for(PLACES)('in the %s that are unknown are refused by name', async (place) => {
      for (const texts of UNKNOWN) {
        const answer = await send(way, { [place]: texts })
        const name = Object.keys(texts).join()
        // Upload libraries send keys of their own in Upload-Metadata.
        if (!answer || (way.name.endsWith('/uploads') && place === 'body' && name === 'nonsense')) continue
        expect(answer.statusCode, `${name}: ${answer.body}`).toBe(422)
        expect(answer.body).toContain(name)
      }
    })

    test.for(['body', 'behind'] as const)('in the query and otherwise in the %s contradict', async (place) => {
      for (const { texts, other } of OPTIONS) {
        const answer = await send(way, { query: texts, [place]: other })
        if (!answer) return
        expect(answer.statusCode, answer.body).toBe(422)
        const same = await send(way, { query: texts, [place]: texts })
        const alone = await send(way, { query: texts })
        expect(same?.statusCode, same?.body).toBe(alone?.statusCode)
      }
    })
  })

  test('that are empty, when that leaves open what is meant, are refused', async () => {
    const answer = await service.app.http.app.inject({ method: 'POST', url: '/?burnAfterReading', payload: 'x' })
    expect(answer.statusCode).toBe(422)
  })
})
