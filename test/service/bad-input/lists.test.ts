import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { request } from '../support/message.ts'
import type { Service } from '../support/service.ts'

const list = (query: string) => request(`GET /api/v1/pastes?${query}`)
const cursor = (what: string, value: string) => refused(108, what, list(`cursor=${value}`), 400, 'invalid_cursor')
const limit = (value: string) => refused(109, `limit=${value}`, list(`limit=${value}`), 422, 'invalid_limit')

/** A cursor of ours, made by a list of two pastes and a limit of one. */
const genuine = async (service: Service): Promise<string> => {
  await service.create({ visibility: 'public' })
  await service.create({ visibility: 'public' })
  return (await service.request('GET /api/v1/pastes?limit=1')).json().nextCursor
}
const spoilt = (what: string, spoil: (cursor: string) => string) =>
  refused(108, what, async (service) => list(`cursor=${spoil(await genuine(service))}`), 400, 'invalid_cursor')
const inside = (change: (text: string) => string) => (cursor: string) =>
  Buffer.from(change(Buffer.from(cursor, 'base64url').toString())).toString('base64url')

const lines: BadInput[] = [
  cursor('a cursor of percent signs', '%25%25%25'),
  cursor('an empty cursor', ''),
  cursor('a cursor of 5 KB', 'x'.repeat(5_000)),
  cursor('a cursor that is SQL', "'%20OR%201=1"),
  spoilt('a cursor cut short', (text) => text.slice(0, -1)),
  spoilt('a cursor with more behind it', (text) => `${text}AA`),
  spoilt(
    'a cursor of another version',
    inside((text) => text.replace('.1.', '.2.')),
  ),
  spoilt(
    'a cursor of another place',
    inside((text) => text.replace(/\d\./g, '7.')),
  ),
  refused(
    108,
    'two cursors',
    async (service) => {
      const one = await genuine(service)
      return list(`cursor=${one}&cursor=${one}`)
    },
    400,
    'invalid_cursor',
  ),
  ...['0', '-1', '101', '1001', 'abc', '1e3', '', '1.5', '%201', '+1', '0x1'].map(limit),
  refused(109, 'two limits', list('limit=1&limit=2'), 422, 'invalid_limit'),
  refused(5, 'an unknown parameter', list('owner=me'), 422, 'unknown_field'),
  refused(114, 'a token in the query', list('token=x'), 400, 'token_in_url'),
  {
    line: 110,
    what: 'a cursor whose paste is gone',
    status: 200,
    asking: async (service) => {
      const made = []
      for (let count = 0; count < 3; count++) {
        service.clock.advance(1_000)
        made.push(await service.create({ visibility: 'public' }))
      }
      const { nextCursor } = (await service.request('GET /api/v1/pastes?limit=1')).json()
      const [oldest, , newest] = made
      await service.request(`DELETE /api/v1/pastes/${newest?.slug}`, { Authorization: `Bearer ${newest?.editToken}` })
      expect(oldest).toBeDefined()
      return list(`limit=2&cursor=${nextCursor}`)
    },
    check: async (answer, service) => {
      const rest = (await service.request('GET /api/v1/pastes?limit=2')).json().pastes
      const slugs = (pastes: { slug: string }[]) => pastes.map(({ slug }) => slug)
      expect(slugs(answer.json().pastes)).toEqual(slugs(rest))
    },
  },
]

onEmbedded('bad input: lists', (service) => {
  badInput(service, lines)
  afterwards(service)
})
