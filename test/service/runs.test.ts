import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/analytics/index.ts'
import { runFixture } from '../web/dashboards/run-fixture.ts'
import { onBothLanes } from './support/lanes.ts'
import { type Service, useService } from './support/service.ts'

const PATH = '/api/v1/performance/runs'
const BEARER = { Authorization: 'Bearer secret' }
const JSON_TYPE = { 'Content-Type': 'application/json' }

const put = (service: Service, run: Record<string, unknown>, fields: Record<string, string> = BEARER) =>
  service.request(`PUT ${PATH}/${run.id}`, { ...JSON_TYPE, ...fields }, JSON.stringify(run))
const get = (service: Service, path = '', fields: Record<string, string> = BEARER) =>
  service.request(`GET ${PATH}${path}`, fields)

onBothLanes(
  'runs of the load lab',
  (service) => {
    test('a stored run is there, whole, and its summary is in the list', async () => {
      const run = runFixture()
      expect((await put(service, run)).status).toBe(201)
      expect((await get(service, `/${run.id}`)).json()).toEqual(run)
      const { runs } = (await get(service)).json()
      expect(runs).toEqual([
        {
          id: run.id,
          name: 'before',
          startedAt: run.startedAt,
          endedAt: run.endedAt,
          profile: 'zipf',
          target: run.target,
          void: null,
          version: '0.1.0',
          replicas: 3,
          bestPerSecond: Math.max(...run.steps.map(({ achievedPerSecond }) => achievedPerSecond)),
          knee: run.knee,
        },
      ])
    })

    test('a run that is stored again takes the place of the first', async () => {
      const run = runFixture({ seed: 2 })
      expect((await put(service, run)).status).toBe(201)
      expect((await put(service, { ...run, void: 'the generator lagged' })).status).toBe(200)
      expect((await get(service, `/${run.id}`)).json().void).toBe('the generator lagged')
    })

    test('what is no run is refused in words, and nothing of it is kept', async () => {
      const run = runFixture({ seed: 3 })
      const withRecordings = (bytes: number): Run => ({ ...run, recordings: 'x'.repeat(bytes) })
      for (const [body, status, code] of [
        [{ ...run, id: 'NOT_AN_ID' }, 422, 'validation_failed'],
        [{ ...run, seed: 'three' }, 422, 'validation_failed'],
        [{ ...run, surprise: true }, 422, 'unknown_field'],
        [withRecordings(1024 * 1024), 413, 'payload_too_large'],
      ] as const) {
        const answer = await put(service, body)
        expect([answer.status, answer.json().code]).toEqual([status, code])
      }
      const elsewhere = await service.request(`PUT ${PATH}/other-run`, { ...JSON_TYPE, ...BEARER }, JSON.stringify(run))
      expect([elsewhere.status, elsewhere.json().pointer]).toEqual([422, '/id'])
      const form = await service.request(`PUT ${PATH}/${run.id}`, { 'Content-Type': 'text/plain', ...BEARER }, '{}')
      expect(form.status).toBe(415)
      expect((await get(service, `/${run.id}`)).json().code).toBe('not_found')
    })

    test('only who has the admin token reads and stores', async () => {
      const run = runFixture({ seed: 4 })
      expect((await put(service, run, {})).status).toBe(401)
      expect((await put(service, run, { Authorization: 'Bearer guess' })).json().code).toBe('token_invalid')
      for (const path of ['', `/${run.id}`]) {
        const refused = await get(service, path, {})
        expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      }
    })

    test('the latest 200 are kept', async () => {
      const tiny = { ...runFixture(), steps: [], recordings: null }
      const startedAt = tiny.startedAt + 1_000_000_000
      for (let index = 0; index < 201; index++)
        await put(service, { ...tiny, id: `run-number-${index}`, startedAt: startedAt + index })
      const { runs } = (await get(service)).json()
      expect(runs).toHaveLength(200)
      expect([runs[0].id, runs.at(-1).id]).toEqual(['run-number-200', 'run-number-1'])
      expect((await get(service, '/run-number-0')).status).toBe(404)
    })
  },
  { ADMIN_TOKEN: 'secret', RATE_LIMIT_MISS: 'off' },
)

describe('a service without an admin token', () => {
  const service = useService()

  test('stores no runs, and says why', async () => {
    const answer = await put(service, runFixture(), BEARER)
    expect([answer.status, answer.json().code]).toEqual([403, 'admin_only'])
    expect(answer.json().detail).toContain('ADMIN_TOKEN')
  })
  test('shows to everybody that there are none', async () => {
    expect((await get(service, '', {})).json()).toEqual({ runs: [] })
  })
})
