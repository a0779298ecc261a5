import { randomUUID } from 'node:crypto'

/** A paste as these tests know it: where it is, and what was sent. */
export type Sent = { slug: string; url: string; body: Uint8Array }

/**
 * Posts a body as it is (`POST /api/v1/pastes`). Throws unless the answer is 201. With the `key` of an earlier call it is
 * that call once more.
 */
export async function post(
  origin: string,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
  key: string = randomUUID(),
): Promise<Sent> {
  const headers = { 'content-type': 'application/octet-stream', 'idempotency-key': key }
  const answer = await fetch(`${origin}/api/v1/pastes`, { method: 'POST', headers, body, signal })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`POST answered ${answer.status} ${text.slice(0, 500)}`)
  const { slug, url } = JSON.parse(text) as { slug: string; url: string }
  return { slug, url, body }
}

/** Reads a paste back. Throws unless it is there with exactly the bytes that were sent. */
export async function readBack(origin: string, { slug, body }: Sent, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${origin}/api/v1/pastes/${slug}/content`, { signal })
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (answer.status !== 200) throw new Error(`GET answered ${answer.status} ${bytes.toString('utf8', 0, 500)}`)
  if (!bytes.equals(body)) throw new Error(`${bytes.byteLength} bytes came back, not the ${body.byteLength} sent`)
}

/** Throws unless a path answers 200; gives the answer's text. */
export async function ok(origin: string, path: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(`${origin}${path}`, { signal })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status} ${text.slice(0, 500)}`)
  return text
}
