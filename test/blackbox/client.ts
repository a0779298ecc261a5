import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { patiently } from '../patience.ts'

/** The answer to a create, as far as tests look at it. */
export type Created = {
  slug: string
  url: string
  rawUrl: string
  size: number
  lines: number
  sha256: string
  version: number
  expiresAt: string | null
  editToken: string
}

/** A problem document (RFC 9457), as every failure answers. */
export type Problem = { status: number; code: string; detail: string; requestId: string }

/** An answer read to its end. */
export type Answer = { status: number; headers: Headers; bytes: Buffer }

/** Lower-case hex SHA-256. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A custom slug that nobody else takes. */
export function newSlug(): string {
  return `t${randomBytes(8).toString('hex')}`
}

/** `sizeBytes` bytes of text that looks like a log, different at every call: zstd makes it smaller. */
export function logText(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  let length = bytes.write(`log ${randomBytes(8).toString('hex')}\n`)
  for (let line = 1; length < sizeBytes; line++)
    length += bytes.write(`2026-11-22T21:00:00.000Z INFO request ${line} took ${line % 997} ms\n`, length)
  return bytes
}

/** Sends a request and reads the whole answer as it is stored (no content encoding). */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers)
  if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'identity')
  const response = await fetch(url, { redirect: 'manual', ...init, headers })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** The JSON of an answer. */
export function json<Shape>(answer: Answer): Shape {
  return JSON.parse(answer.bytes.toString()) as Shape
}

/** The `code` of an answer that is a problem document; throws with the answer when it is none. */
export function codeOf(answer: Answer): string {
  const type = answer.headers.get('content-type')
  if (!type?.startsWith('application/problem+json'))
    throw new Error(`no problem document: ${answer.status} ${type} ${answer.bytes.toString('utf8', 0, 200)}`)
  return json<Problem>(answer).code
}

/** Makes a paste of these bytes; `query` holds options, such as `slug=name&expiresIn=1h`. Throws unless it is a 201. */
export async function create(
  base: string,
  bytes: Uint8Array | string,
  query = '',
  headers: Record<string, string> = {},
): Promise<Created> {
  const answer = await postRaw(base, bytes, query, headers)
  if (answer.status !== 201) throw new Error(`no 201: ${answer.status} ${answer.bytes}`)
  return json<Created>(answer)
}

/** Sends a create with a raw body and gives whatever is answered. */
export function postRaw(
  base: string,
  bytes: Uint8Array | string,
  query = '',
  headers: Record<string, string> = {},
): Promise<Answer> {
  return send(`${base}/api/v1/pastes?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body: Buffer.from(bytes),
  })
}

/** Sends JSON. */
export function sendJson(url: string, method: string, value: unknown, headers: Record<string, string> = {}) {
  const init = { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
  return send(url, init)
}

/** The header that proves the right to change a paste. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

/**
 * Asks again, every `everyMs`, until `isDone` holds, and gives the last answer. Throws with it when that takes
 * longer than `withinMs`.
 */
export async function until<Value>(
  ask: () => Promise<Value>,
  isDone: (value: Value) => boolean,
  withinMs = patiently(10_000),
  everyMs = 50,
): Promise<Value> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await ask()
    if (isDone(value)) return value
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${show(value)}`)
    await delay(everyMs)
  }
}

function show(value: unknown): string {
  if (value instanceof Object && 'bytes' in value && 'status' in value)
    return `${value.status} ${(value.bytes as Buffer).toString('utf8', 0, 300)}`
  return JSON.stringify(value)
}
