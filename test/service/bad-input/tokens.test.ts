import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { request } from '../support/message.ts'
import type { Created } from '../support/service.ts'

/** A call on a fresh paste, with an Authorization made of its document. */
const call =
  (method: string, authorization: (made: Created) => string): BadInput['asking'] =>
  async (service) => {
    const made = await service.create()
    const path = `${method} /api/v1/pastes/${made.slug}${method === 'PUT' ? '/content' : ''}`
    const fields = { Authorization: authorization(made) }
    if (method === 'DELETE') return request(path, fields)
    const type = method === 'PATCH' ? 'application/json' : 'text/plain'
    return request(path, { 'Content-Type': type, ...fields }, '{"title":"x"}')
  }
const METHODS = ['DELETE', 'PATCH', 'PUT']
const bearer = (change: (token: string) => string) => (made: Created) => `Bearer ${change(made.editToken)}`
const challenged: BadInput['check'] = (answer) => expect(answer.headers['www-authenticate']).toBe('Bearer')

const lines: BadInput[] = METHODS.flatMap((method) => [
  refused(
    111,
    `${method} without a token`,
    call(method, () => ''),
    401,
    'token_required',
    challenged,
  ),
  refused(
    112,
    `${method} with a wrong token`,
    call(
      method,
      bearer(() => 'A'.repeat(43)),
    ),
    403,
    'token_invalid',
  ),
  refused(
    112,
    `${method} with a short token`,
    call(
      method,
      bearer((token) => token.slice(1)),
    ),
    403,
    'token_invalid',
  ),
  refused(
    112,
    `${method} with junk behind the token`,
    call(
      method,
      bearer((token) => `${token}x`),
    ),
    403,
    'token_invalid',
  ),
  refused(
    112,
    `${method} with padding behind the token`,
    call(
      method,
      bearer((token) => `${token}=`),
    ),
    403,
    'token_invalid',
  ),
  refused(
    112,
    `${method} with a changed last letter`,
    call(
      method,
      bearer((token) => `${token.slice(0, -1)}*`),
    ),
    403,
    'token_invalid',
  ),
  refused(
    113,
    `${method} with a token of 10 KB`,
    call(
      method,
      bearer(() => 'x'.repeat(10_000)),
    ),
    403,
    'token_invalid',
  ),
  refused(
    115,
    `${method} with Basic`,
    call(method, () => 'Basic eDp5'),
    401,
    'token_required',
    challenged,
  ),
  refused(
    115,
    `${method} with Bearer and nothing behind it`,
    call(method, () => 'Bearer'),
    401,
    'token_required',
    challenged,
  ),
])

lines.push(
  refused(
    112,
    'the token of another paste',
    async (service) => {
      const [one, other] = [await service.create(), await service.create()]
      return request(`DELETE /api/v1/pastes/${one.slug}`, { Authorization: `Bearer ${other.editToken}` })
    },
    403,
    'token_invalid',
  ),
  refused(
    114,
    'a token in the URL',
    async (service) => {
      const { slug, editToken } = await service.create()
      return request(`DELETE /api/v1/pastes/${slug}?token=${editToken}`)
    },
    400,
    'token_in_url',
  ),
  refused(
    117,
    'a second deletion',
    async (service) => {
      const { slug, editToken } = await service.create()
      const asking = request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
      expect((await service.ask(asking)).status).toBe(204)
      return asking
    },
    410,
    'deleted',
  ),
  refused(
    117,
    'a deletion of what never was',
    request('DELETE /api/v1/pastes/nowhere', { Authorization: 'Bearer x' }),
    404,
    'not_found',
  ),
  refused(
    63,
    'new content as a form',
    async (service) => {
      const { slug, editToken } = await service.create()
      const type = 'multipart/form-data; boundary=x'
      return request(
        `PUT /api/v1/pastes/${slug}/content`,
        { Authorization: `Bearer ${editToken}`, 'Content-Type': type },
        'x',
      )
    },
    415,
    'unsupported_media_type',
  ),
)

onEmbedded('bad input: tokens', (service) => {
  badInput(service, lines)
  afterwards(service)
})
