import { expect, test } from 'vitest'
import { createReadiness, type Part } from '../../src/platform/health/index.ts'

/** A service of one required part, one that is only useful, and a clock that each question moves past what is kept. */
function service() {
  const works = { store: true, redis: true }
  const part = (name: 'store' | 'redis', required: boolean): Part => {
    return { name, required, check: async () => expect(works[name]).toBe(true) }
  }
  let now = 0
  const readiness = createReadiness(
    [part('store', true), part('redis', false)],
    () => (now += 2_000),
    () => {},
  )
  return { works, readiness }
}

test('a required part that has never worked keeps a process from being ready', async () => {
  const { works, readiness } = service()
  works.store = false
  expect(await readiness.ask()).toMatchObject({ ready: false, degraded: ['store'], parts: { store: 'unavailable' } })
  works.store = true
  expect(await readiness.ask()).toMatchObject({ ready: true, degraded: [], parts: { store: 'ok' } })
})

test('a required part that has worked and is away leaves a process ready, and degraded', async () => {
  const { works, readiness } = service()
  await readiness.ask()
  works.store = false
  expect(await readiness.ask()).toMatchObject({ ready: true, degraded: ['store'], parts: { store: 'unavailable' } })
})

test('a part that is only useful never keeps a process from being ready', async () => {
  const { works, readiness } = service()
  works.redis = false
  expect(await readiness.ask()).toMatchObject({ ready: true, degraded: ['redis'] })
})

test('a process that is to end is not ready, whatever its parts are', async () => {
  const { readiness } = service()
  await readiness.ask()
  readiness.drain()
  expect(await readiness.ask()).toMatchObject({ ready: false, parts: { process: 'draining' } })
})
