import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { file, form, formBody, paste, raw, request } from '../support/message.ts'
import type { Service } from '../support/service.ts'

const RESERVED =
  'api raw p post documents upload download new login logout admin static assets docs health healthz readyz metrics ' +
  'status robots-txt favicon sitemap well-known internal curl list search qr embed oembed security terms privacy ' +
  'abuse dmca www help recent mine form stats performance getObject API Raw xn--abc'

const invalid = (line: number, what: string, slug: string) =>
  refused(line, `${what} as name`, paste({ slug }), 422, 'invalid_slug', (answer) =>
    expect(answer.json().pointer).toBe('/slug'),
  )
const get = (path: string) => request(`GET ${path}`)
const deleted = async (service: Service): Promise<string> => {
  const { slug, editToken } = await service.create()
  const answer = await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
  expect(answer.status).toBe(204)
  return slug
}

const lines: BadInput[] = [
  invalid(65, 'nothing', ''),
  invalid(65, '2 characters', 'ab'),
  invalid(65, '65 characters', 'x'.repeat(65)),
  accepted(65, '3 characters as name', paste({ slug: 'abc' })),
  accepted(65, '64 characters as name', paste({ slug: 'y'.repeat(64) })),
  invalid(67, 'a space', 'a b c'),
  invalid(67, 'a letter with an accent', 'caf\u00e9'),
  invalid(67, 'a leading underscore', '_name'),
  invalid(67, 'an emoji', 'na😀me'),
  invalid(67, 'a tab', 'na\tme'),
  invalid(68, 'Cyrillic letters', 'раураl'),
  invalid(68, 'full-width letters', 'ａｐｉ'),
  invalid(68, 'a zero-width joiner', 'na\u200dme'),
  invalid(69, 'a trailing space', 'name '),
  invalid(69, 'a trailing NUL', 'name\0'),
  invalid(69, 'a trailing line feed', 'name\n'),
  invalid(70, 'a leading hyphen', '-abc'),
  invalid(70, 'a trailing hyphen', 'abc-'),
  invalid(70, 'one dot', '.'),
  invalid(70, 'two dots', '..'),
  invalid(70, 'a slash', 'a/b'),
  invalid(70, 'an escaped slash', 'a%2Fb'),
  invalid(70, 'a dot within', 'a.b'),
  accepted(70, 'two hyphens within a name', paste({ slug: 'a--b' })),
  refused(70, 'an invalid name in a query', raw('x', {}, '?slug=-abc'), 422, 'invalid_slug'),
  refused(70, 'an invalid name in a form', form([{ name: 'slug', value: '-abc' }, file()]), 422, 'invalid_slug'),
  refused(70, 'an invalid name in a path', request('PUT /-abc', {}, 'x'), 422, 'invalid_slug'),
  refused(
    70,
    'an invalid name for a link',
    request(
      'POST /api/v1/links',
      { 'Content-Type': 'application/json' },
      '{"url":"https://example.com/","slug":"-abc"}',
    ),
    422,
    'invalid_slug',
  ),
  ...RESERVED.split(' ').map((slug) => {
    const code = slug.length < 3 ? 'invalid_slug' : 'reserved_slug'
    return refused(71, `${slug} as name`, paste({ slug }), 422, code)
  }),
  refused(71, 'a prefix of IDNA in a path', request('PUT /XN--abc', {}, 'x'), 422, 'reserved_slug'),
  refused(72, 'a taken name', async (service) => paste({ slug: (await service.create()).slug }), 409, 'slug_taken'),
  refused(
    72,
    'a taken name before 50 MiB are read',
    async (service) => raw('', { 'Content-Length': '52428800' }, `?slug=${(await service.create()).slug}`),
    409,
    'slug_taken',
  ),
  refused(
    72,
    'a taken name before a form of 50 MiB is read',
    async (service) => {
      const body = formBody([{ name: 'slug', value: (await service.create()).slug }, file('x'.repeat(1_000))])
      return form(body.subarray(0, 600), { 'Content-Length': '52428800' })
    },
    409,
    'slug_taken',
  ),
  refused(
    73,
    'the name of a paste just deleted',
    async (service) => paste({ slug: await deleted(service) }),
    409,
    'slug_quarantined',
  ),
  refused(75, 'SQL as name', paste({ slug: "' OR 1=1 --" }), 422, 'invalid_slug'),
  refused(75, 'a lookup as name', paste({ slug: `$\{jndi:ldap://x}` }), 422, 'invalid_slug'),
  refused(75, 'a template as name', paste({ slug: '{{7*7}}' }), 422, 'invalid_slug'),
  refused(75, 'SQL in a path', get("/raw/'%20OR%201=1%20--"), 404, 'not_found'),
  refused(75, 'a lookup in a path', get('/raw/$%7Bjndi:ldap:x%7D'), 404, 'not_found'),
  refused(75, 'a template in a path', get('/%7B%7B7*7%7D%7D'), 404, 'not_found'),
  refused(76, 'NUL in a path', get('/%00'), 404, 'not_found'),
  refused(76, 'NUL within a slug', get('/raw/a%00b'), 404, 'not_found'),
  refused(77, 'a byte that is no UTF-8 in a path', get('/%ff'), 400, 'invalid_url'),
  refused(77, 'an escape that is none', get('/%ZZ'), 400, 'invalid_url'),
  refused(77, 'an overlong slash', get('/raw/%c0%af'), 400, 'invalid_url'),
  refused(77, 'an escape that is none in the API', get('/api/v1/pastes/%ZZ'), 400, 'invalid_url'),
  refused(78, 'a path that climbs', get('/raw/%2e%2e'), 404, 'not_found'),
  refused(78, 'a path that climbs far', get('/raw/..%2f..%2f..%2fetc%2fpasswd'), 404, 'not_found'),
  refused(78, 'an asset path that climbs', get('/assets/..%2f..%2fserver.ts'), 404, 'not_found'),
  refused(79, 'a slug of 65 characters', get(`/raw/${'x'.repeat(65)}`), 404, 'not_found'),
  refused(79, 'a slug of 200 characters', get(`/raw/${'x'.repeat(200)}`), 404, 'not_found'),
  refused(79, 'an API slug of 4,000 characters', get(`/api/v1/pastes/${'x'.repeat(4_000)}`), 404, 'not_found'),
  refused(80, 'a path parameter', get('/raw/abc;x=1'), 404, 'not_found'),
  refused(80, 'a slug with its case changed', get('/raw/ABC'), 404, 'not_found'),
  refused(81, 'an unknown slug', get('/raw/nowhere'), 404, 'not_found'),
  refused(81, 'an unknown slug as page', get('/nowhere'), 404, 'not_found'),
  refused(81, 'an unknown slug as metadata', get('/api/v1/pastes/nowhere'), 404, 'not_found'),
  refused(81, 'an unknown path', get('/no/such/path'), 404, 'not_found'),
  refused(81, 'a deleted paste', async (service) => get(`/raw/${await deleted(service)}`), 410, 'deleted'),
  refused(
    81,
    'a deleted paste as metadata',
    async (service) => get(`/api/v1/pastes/${await deleted(service)}`),
    410,
    'deleted',
  ),
]

onEmbedded('bad input: slugs', (service) => {
  badInput(service, lines)
  afterwards(service)
})
