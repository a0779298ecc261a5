import { describe, expect, test } from 'vitest'
import { expectProblem } from './support/bad-input.ts'
import { useService } from './support/service.ts'

const LIMIT = 3
let nextHost = 0

describe('a client that asked for too many unknown slugs', () => {
  const service = useService({ RATE_LIMIT_MISS: `${LIMIT}/minute`, TRUSTED_PROXIES: '127.0.0.1' })
  const from = (address: string) => ({ 'X-Forwarded-For': address })
  const useUp = async (address: string) => {
    for (let index = 0; index < LIMIT; index++)
      expectProblem(await service.request(`GET /raw/unknown-${index}`, from(address)), 'not_found')
  }

  test.for([
    'GET /raw/SLUG',
    'HEAD /raw/SLUG',
    'GET /download/SLUG',
    'GET /SLUG',
    'GET /SLUG/',
    'GET /SLUG?lines=1',
    'GET /?from=SLUG',
    'GET /qr/SLUG',
    'GET /mine/SLUG',
    'POST /reveal/SLUG',
    'GET /api/v1/slugs/SLUG',
    'GET /api/v1/pastes/SLUG',
    'HEAD /api/v1/pastes/SLUG',
    'GET /api/v1/pastes/SLUG/content',
    'GET /api/v1/pastes/SLUG/content?grep=x',
    'GET /api/v1/pastes/SLUG/stats',
    'POST /api/v1/pastes/SLUG/claim',
    'PUT /api/v1/pastes/SLUG/content',
    'PATCH /api/v1/pastes/SLUG',
    'DELETE /api/v1/pastes/SLUG',
    'GET /api/paste/content/SLUG',
    'GET /api/paste/content?url=SLUG',
    'GET /getObject?url=SLUG',
  ])('is refused before the look-up, so that a right guess looks like a wrong one: %s', async (start) => {
    const address = `192.0.2.${1 + nextHost++}`
    const { slug } = await service.create()
    await useUp(address)
    const [right, wrong] = await Promise.all(
      [slug, 'NotThere'].map((guess) => service.request(start.replace('SLUG', guess), from(address))),
    )
    expect([right?.status, wrong?.status]).toEqual([429, 429])
    expect(Number(right?.headers['retry-after'])).toBeGreaterThan(0)
    expect(right?.headers.ratelimit).toMatch(/"miss";r=0;t=\d+/)
    expect(right?.headers.ratelimit).toBe(wrong?.headers.ratelimit)
  })

  test('still opens the form, the help and the list', async () => {
    const address = '198.51.100.1'
    await useUp(address)
    for (const path of ['/', '/help', '/recent', '/api/v1/pastes', '/api/v1/limits'])
      expect((await service.request(`GET ${path}`, from(address))).status, path).toBe(200)
  })

  test('still makes pastes', async () => {
    await useUp('198.51.100.2')
    await service.create({}, from('198.51.100.2'))
  })

  test('takes nothing from others', async () => {
    const { slug } = await service.create()
    await useUp('198.51.100.3')
    expect((await service.request(`GET /raw/${slug}`, from('198.51.100.4'))).status).toBe(200)
  })

  test('reads again after the window', async () => {
    const { slug } = await service.create()
    await useUp('198.51.100.5')
    const refused = await service.request(`GET /raw/${slug}`, from('198.51.100.5'))
    expectProblem(refused, 'too_many_misses')
    service.clock.advance(Number(refused.headers['retry-after']) * 1_000)
    expect((await service.request(`GET /raw/${slug}`, from('198.51.100.5'))).status).toBe(200)
  })

  test('reads without a count whatever exists while it has misses left', async () => {
    const { slug } = await service.create()
    for (let index = 0; index < 5 * LIMIT; index++)
      expect((await service.request(`GET /raw/${slug}`, from('198.51.100.6'))).status).toBe(200)
  })
})
