import { describe, expect, test } from 'vitest'
import { figuresStayHere } from '../../src/wiring/operators.ts'
import { expectProblem } from './support/bad-input.ts'
import { useService } from './support/service.ts'

const FIGURES = ['/metrics', '/stats', '/performance', '/performance/runs', '/api/v1/stats', '/api/v1/performance']
const FROM_AFAR = { 'X-Forwarded-For': '192.0.2.1' }

describe('figures of a service that others reach, without an admin token', () => {
  const service = useService({ HOST: '0.0.0.0', TRUSTED_PROXIES: '127.0.0.1' })

  test.for(FIGURES)('are for the machine itself: %s', async (path) => {
    expect((await service.request(`GET ${path}`)).status).toBe(200)
    expectProblem(await service.request(`GET ${path}`, FROM_AFAR), 'admin_only')
    expectProblem(await service.request(`GET ${path}`, { 'X-Forwarded-For': '127.0.0.1' }), 'admin_only')
  })

  test('leave the rest to everybody', async () => {
    const { slug } = await service.create()
    for (const path of ['/', `/raw/${slug}`, '/api/v1/pastes', '/health/ready'])
      expect((await service.request(`GET ${path}`, FROM_AFAR)).status, path).toBe(200)
  })
})

describe('figures of a service behind a proxy on the same machine that is not trusted', () => {
  const service = useService({ HOST: '0.0.0.0' })

  test.for(['X-Forwarded-For', 'Forwarded'])('are not for whom the proxy asks: %s', async (header) => {
    expectProblem(await service.request('GET /metrics', { [header]: 'for=192.0.2.1' }), 'admin_only')
  })
})

describe('figures of a service with an admin token', () => {
  const service = useService({ HOST: '0.0.0.0', ADMIN_TOKEN: 'sesame', TRUSTED_PROXIES: '127.0.0.1' })

  test('are for who knows it, from anywhere, and for nobody else', async () => {
    const known = { Authorization: 'Bearer sesame' }
    expect((await service.request('GET /metrics', { ...FROM_AFAR, ...known })).status).toBe(200)
    expectProblem(await service.request('GET /metrics'), 'token_required')
  })
})

test.each([
  ['127.0.0.1', undefined, false],
  ['127.0.0.8', undefined, false],
  ['::1', undefined, false],
  ['localhost', undefined, false],
  ['0.0.0.0', undefined, true],
  ['::', undefined, true],
  ['paste.internal', undefined, true],
  ['0.0.0.0', 'sesame', false],
])('with HOST %s and ADMIN_TOKEN %s, that figures stay here is %s', (host, adminToken, stay) => {
  expect(figuresStayHere({ host, adminToken })).toBe(stay)
})
