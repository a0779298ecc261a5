import { expect, onTestFinished, test } from 'vitest'
import { send } from './client.ts'
import { type Service, startService } from './service.ts'

async function start(environment: Record<string, string>): Promise<Service> {
  const service = await startService(environment)
  onTestFinished(() => service.stop())
  return service
}
const warnings = (service: Service, word: string) =>
  service
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":40') && line.includes(word))

test('a mistyped variable and a missing PUBLIC_URL are told once at start', async () => {
  const service = await start({ MAX_EXPIRE: '30d', HOST: '0.0.0.0' })
  expect(warnings(service, 'is MAX_EXPIRY meant?')).toHaveLength(1)
  expect(warnings(service, 'PUBLIC_URL is not set')).toHaveLength(1)
})

test('a proxy that TRUSTED_PROXIES does not name is told once, and one that it names never', async () => {
  const forwarded = { headers: { 'x-forwarded-for': '203.0.113.7' } }
  const unknown = await start({})
  const known = await start({ TRUSTED_PROXIES: '127.0.0.1' })
  for (const { url } of [unknown, known, unknown, known]) await send(`${url}/health/live`, forwarded)
  await Promise.all([unknown.kill('SIGTERM'), known.kill('SIGTERM')])
  expect(warnings(unknown, 'TRUSTED_PROXIES')).toHaveLength(1)
  expect(unknown.output()).not.toContain('203.0.113.7')
  expect(warnings(known, '"level":40')).toEqual([])
})
