import { describe, expect, test } from 'vitest'
import { createAccessKeys, newKey, type Scope } from '../../src/access/index.ts'
import { systemRandom } from '../../src/core/index.ts'
import { onBothLanes } from './support/lanes.ts'
import { type Service, useService } from './support/service.ts'

const TEXT = { 'Content-Type': 'text/plain' }
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })
const password = (key: string) => ({ Authorization: `Basic ${Buffer.from(`me:${key}`).toString('base64')}` })

const keysOf = (service: Service) => createAccessKeys(service.app.backends.database.db, service.clock)
let made = 0
async function issue(service: Service, scopes: Scope[], expiresAt: number | null = null) {
  const [key, name] = [newKey(systemRandom), `key-${made++}`]
  expect(await keysOf(service).add(key, { name, scopes, expiresAt })).toBe(true)
  return { key, name }
}
const post = (service: Service, fields: Record<string, string> = {}) =>
  service.request('POST /api/v1/pastes', { ...TEXT, ...fields }, 'hello\n')

onBothLanes(
  'a service that asks for keys',
  (service) => {
    test('makes a paste for a key, and refuses everybody else before the body', async () => {
      const { key } = await issue(service, ['create'])
      expect((await post(service, bearer(key))).status).toBe(201)
      expect((await post(service, password(key))).status).toBe(201)
      const [without, wrong] = [await post(service), await post(service, bearer(newKey(systemRandom)))]
      expect([without.status, without.json().code]).toEqual([401, 'key_required'])
      expect(without.headers['www-authenticate']).toBe('Bearer')
      expect([wrong.status, wrong.json().code]).toEqual([403, 'key_invalid'])
    })

    test('takes a key only for its scopes', async () => {
      const [maker, reader] = [await issue(service, ['create']), await issue(service, ['read'])]
      const { slug } = (await post(service, bearer(maker.key))).json()
      expect((await service.request(`GET /raw/${slug}`, bearer(reader.key))).text()).toBe('hello\n')
      expect((await service.request(`GET /raw/${slug}`, bearer(maker.key))).json().code).toBe('key_invalid')
      expect((await post(service, bearer(reader.key))).json().code).toBe('key_invalid')
    })

    test('takes the admin token as a key', async () => {
      const { slug } = (await post(service, bearer('sesame'))).json()
      expect((await service.request(`GET /raw/${slug}`, bearer('sesame'))).status).toBe(200)
    })

    test('lets the holder of an edit token edit, delete and see views without a key', async () => {
      const { slug, editToken } = (await post(service, bearer('sesame'))).json()
      const owner = bearer(editToken)
      const path = `/api/v1/pastes/${slug}`
      expect((await service.request(`GET ${path}/stats`, owner)).status).toBe(200)
      expect((await service.request(`PUT ${path}/content`, owner, 'bye')).status).toBe(200)
      expect((await service.request(`GET ${path}`, owner)).json().code).toBe('key_invalid')
      expect((await service.request(`DELETE ${path}`, owner)).status).toBe(204)
    })

    test('lets a browser ask its user, for a page and from a script', async () => {
      for (const fields of [
        { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0' },
        { Accept: '*/*', 'Sec-Fetch-Mode': 'cors' },
      ]) {
        const answer = await service.request('GET /recent', fields)
        expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Basic realm="key", charset="UTF-8"'])
      }
    })

    test('refuses a key that has expired, or was revoked more than four seconds ago', async () => {
      const expiring = await issue(service, ['create'], service.clock.now() + 10_000)
      const revoked = await issue(service, ['create'])
      for (const { key } of [expiring, revoked]) expect((await post(service, bearer(key))).status).toBe(201)
      expect(await keysOf(service).revoke(revoked.name)).toBe(true)
      service.clock.advance(10_001)
      for (const { key } of [expiring, revoked])
        expect((await post(service, bearer(key))).json().code).toBe('key_invalid')
    })

    test('notes the day on which a key was used', async () => {
      const { key, name } = await issue(service, ['create'])
      const usedAt = async () => (await keysOf(service).list()).find((one) => one.name === name)?.usedAt
      expect(await usedAt()).toBeNull()
      await post(service, bearer(key))
      await expect.poll(usedAt).toBe(Math.floor(service.clock.now() / 86_400_000) * 86_400_000)
    })
  },
  { CREATE: 'keys', READ: 'keys', ADMIN_TOKEN: 'sesame' },
)

/** What anybody may see where reading needs a key: pages about the service, and how it is. */
const OPEN = new Set([
  ...['/help', '/mine', '/api/docs', '/assets/:file', '/favicon.svg', '/favicon.ico', '/robots.txt'],
  ...['/health/live', '/health/ready', '/api/openapi.json', '/api/v1/limits'],
  // An address, not a paste: a redirect to the page that asks for the key.
  '/reveal/:slug',
])

describe('a private service', () => {
  const service = useService({ CREATE: 'keys', READ: 'keys', ADMIN_TOKEN: 'sesame' })

  test('answers nobody without a key or a token, on any of its routes', async () => {
    const { slug } = (await post(service, bearer('sesame'))).json()
    const paths = [...new Set(service.app.http.paths)].filter((path) => !OPEN.has(path))
    expect(paths.length).toBeGreaterThan(20)
    const answered: string[] = []
    for (const path of paths)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const at = path.replace(/:\w+/g, slug).replace('*', slug)
        const { status } = await service.request(`${method} ${at}`, TEXT, method === 'GET' ? '' : 'x')
        if (![401, 403, 404, 405, 412].includes(status)) answered.push(`${method} ${path} ${status}`)
        if (status === 404 && path.includes(':slug')) answered.push(`${method} ${path} ${status}`)
      }
    expect(answered).toEqual([])
  })
})

describe('a service that takes no pastes', () => {
  const service = useService({ CREATE: 'off' })
  test('says so on every way to make one', async () => {
    for (const start of ['POST /api/v1/pastes', 'POST /api/v1/links', 'POST /', 'PUT /some-name', 'POST /form']) {
      const answer = await service.request(start, TEXT, 'hello')
      expect([start, answer.status, answer.json().code]).toEqual([start, 403, 'creates_off'])
    }
    const upload = await service.request('POST /api/v1/uploads', { 'Tus-Resumable': '1.0.0', 'Upload-Length': '5' })
    expect(upload.status).toBe(403)
  })
})
