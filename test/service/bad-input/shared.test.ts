import { createHash } from 'node:crypto'
import { whenService } from '../../services/index.ts'
import { afterwards } from '../support/afterwards.ts'
import { shared } from '../support/backing.ts'
import { type BadInput, badInput, refused } from '../support/bad-input.ts'
import { json, paste, raw, request } from '../support/message.ts'
import { type Service, useService } from '../support/service.ts'

const LARGE = Buffer.alloc(3 * 1024 * 1024, 'a text that is stored as an object. ')
const otherDigest = createHash('sha256').update('another text').digest('base64')
const withToken = (token: string) => ({ 'Content-Type': 'application/json', Authorization: `Bearer ${token}` })

async function made(service: Service, body: string | Buffer = 'x'): Promise<{ slug: string; editToken: string }> {
  return (await service.ask(raw(body))).json()
}

/** Of the catalogue, what is refused only after a database or a store was asked, and a few that must not reach them. */
const lines: BadInput[] = [
  refused(1, 'JSON that is cut off', json('{"content":'), 400, 'invalid_json'),
  refused(2, 'an unknown option', paste({ content: 'x', colour: 'red' }), 422, 'unknown_field'),
  refused(3, 'a taken name', async (service) => raw('x', {}, `?slug=${(await made(service)).slug}`), 409, 'slug_taken'),
  refused(
    4,
    'a taken name, with an object',
    async (service) => raw(LARGE, {}, `?slug=${(await made(service)).slug}`),
    409,
    'slug_taken',
  ),
  refused(
    5,
    'an object whose digest is another',
    raw(LARGE, { 'Content-Digest': `sha-256=:${otherDigest}:` }),
    400,
    'digest_mismatch',
  ),
  refused(6, 'an unknown name', request('GET /raw/nowhere1'), 404, 'not_found'),
  refused(
    7,
    'a name whose case is another',
    async (service) => {
      await service.ask(raw('x', {}, '?slug=CaseOfName'))
      return request('GET /raw/caseofname')
    },
    404,
    'not_found',
  ),
  refused(
    8,
    'a change by another token',
    async (service) => request(`PATCH /api/v1/pastes/${(await made(service)).slug}`, withToken('x'.repeat(43)), '{}'),
    403,
    'token_invalid',
  ),
  refused(
    9,
    'a deletion under a condition that does not hold',
    async (service) => {
      const { slug, editToken } = await made(service)
      return request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}`, 'If-Match': '"other"' })
    },
    412,
    'precondition_failed',
  ),
  refused(
    10,
    'a range beyond the end of an object',
    async (service) => request(`GET /raw/${(await made(service, LARGE)).slug}`, { Range: `bytes=${LARGE.length}-` }),
    416,
    'range_not_satisfiable',
  ),
  refused(
    11,
    'lines beyond the end of an object',
    async (service) => request(`GET /raw/${(await made(service, LARGE)).slug}?lines=2-3`),
    416,
    'range_not_satisfiable',
  ),
  refused(
    12,
    'a paste that was deleted',
    async (service) => {
      const { slug, editToken } = await made(service)
      await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
      return request(`GET /raw/${slug}`)
    },
    410,
    'deleted',
  ),
]

whenService(['sql', 's3', 'redis'], (servers) => {
  const service = useService({}, () => shared(servers))
  badInput(service, lines)
  afterwards(service)
})
