import { expect } from 'vitest'
import { patiently } from '../patience.ts'
import { type Answer, codeOf, json, postRaw, send, until } from './client.ts'

/** A failing database costs a request at most this, from its first byte to the answer. */
const ANSWERED_WITHIN_MS = patiently(3_500)

/** Runs `ask` and expects a 503 with one of these codes and a `Retry-After`, in time. */
export async function expectUnavailable(
  ask: () => Promise<Answer>,
  codes: string[],
  withinMs = ANSWERED_WITHIN_MS,
): Promise<void> {
  const startedAt = performance.now()
  const answer = await ask()
  const tookMs = performance.now() - startedAt
  expect(answer.status).toBe(503)
  expect(codes).toContain(codeOf(answer))
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(tookMs).toBeLessThan(withinMs)
}

/** Expects that the process lives and says that it is not ready, and because of which part. */
export async function expectNotReady(base: string, part: string): Promise<void> {
  expect((await send(`${base}/health/live`)).status).toBe(200)
  const ready = await until(
    () => send(`${base}/health/ready`),
    ({ status }) => status === 503,
  )
  expect(json(ready)).toMatchObject({ parts: { [part]: 'unavailable' } })
}

/** Expects that the process stays ready, because the part is away for all, and says which part. */
export async function expectDegraded(base: string, part: string): Promise<void> {
  const ready = await until(
    () => send(`${base}/health/ready`),
    (answer) => json<{ degraded: string[] }>(answer).degraded.includes(part),
  )
  expect(ready.status).toBe(200)
  expect(json(ready)).toMatchObject({ status: 'ready', parts: { [part]: 'unavailable' } })
}

/** Waits until the service takes pastes again by itself, and lacks nothing. */
export async function expectRecovery(base: string, bytes: Uint8Array | string = 'back'): Promise<void> {
  const made = await until(
    () => postRaw(base, bytes),
    ({ status }) => status !== 503,
  )
  expect(made.status).toBe(201)
  await until(
    () => send(`${base}/health/ready`),
    (answer) => answer.status === 200 && json<{ degraded: string[] }>(answer).degraded.length === 0,
  )
}
