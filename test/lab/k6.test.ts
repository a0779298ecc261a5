import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { expect, test } from 'vitest'
import { k6Script } from './k6.ts'
import { loadProfile } from './profile.ts'

const FOLDER = fileURLToPath(new URL('../../config/load/', import.meta.url))
const POPULATION = [{ slug: 'abcdefgh', sha256: 'd1', sizeBytes: 4096, editToken: 't', expiresAt: null }]

/** What a script exports as `options`, without k6. */
function optionsOf(script: string): unknown {
  const plain = script
    .replaceAll(/^import .*$/gm, '')
    .replace('export const options', 'globalThis.options')
    .replace('export default function', 'function iteration')
  const context = { options: undefined }
  new Script(`(globalThis, __ENV) => {${plain}}`).runInThisContext()(context, {})
  return context.options
}

test('a ladder becomes one scenario of constant arrivals for each rate, one after the other', () => {
  const { profile } = loadProfile(`${FOLDER}hot-read.yaml`)
  const arrivals = { process: 'poisson' as const, rates: [100, 250.5], seconds: 10, connections: 50 }
  const script = k6Script({ ...profile, arrivals }, 'http://127.0.0.1:1', POPULATION)
  const step = { executor: 'constant-arrival-rate', timeUnit: '100s', duration: '10s' }
  expect(optionsOf(script)).toMatchObject({
    scenarios: {
      at_100: { ...step, rate: 10_000, startTime: '0s', preAllocatedVUs: 50 },
      'at_250.5': { ...step, rate: 25_050, startTime: '11s' },
    },
  })
})

test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')))(
  '%s becomes a script that knows the pastes and every operation',
  (file) => {
    const { profile } = loadProfile(FOLDER + file)
    const script = k6Script(profile, 'http://127.0.0.1:1', POPULATION)
    expect(script).toContain('["abcdefgh","d1",4096]')
    expect(Object.keys((optionsOf(script) as { thresholds: object }).thresholds)).toEqual(
      profile.mix.map(({ operation }) => `http_req_duration{operation:${operation}}`),
    )
  },
)
