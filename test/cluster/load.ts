import { setTimeout as delay } from 'node:timers/promises'
import { create, logText, postRaw, send } from '../blackbox/client.ts'
import { patiently } from '../patience.ts'

/** What readers and writers saw. */
export type Seen = {
  answers: number
  /** Whatever was not as it should be. */
  failures: string[]
  slowestMs: number
}

/** How long a test reads while a replica hangs: longer than nginx waits for one, which is five seconds. */
export const HANGS_MS = 6_000
/** What a replica that never answers may cost a reader: those, the answer of another one, the rest for a busy machine. */
export const SLOWEST_MS = patiently(9_000)

/** How many read, or make pastes, at once. */
export type Streams = { readers: number; writers: number }

/**
 * Reads one paste and makes others through `base` without a pause, until `hurt` is over, and for half a second before
 * and after it.
 */
export async function underLoad(base: string, streams: Streams, hurt: () => Promise<unknown>): Promise<Seen> {
  const bytes = logText(3_000)
  const { slug } = await create(base, bytes)
  const seen: Seen = { answers: 0, failures: [], slowestMs: 0 }
  let over = false
  const repeat = async (ask: () => Promise<string | undefined>) => {
    while (!over) {
      const startedAt = performance.now()
      const failure = await ask().catch((error: Error) => `${error.message}: ${error.cause}`)
      if (failure !== undefined) seen.failures.push(failure)
      seen.slowestMs = Math.max(seen.slowestMs, performance.now() - startedAt)
      seen.answers++
    }
  }
  const read = async () => {
    const answer = await send(`${base}/raw/${slug}`)
    return answer.status === 200 && answer.bytes.equals(bytes) ? undefined : `${answer.status} ${answer.bytes}`
  }
  const write = async () => {
    const answer = await postRaw(base, bytes)
    return answer.status === 201 ? undefined : `${answer.status} ${answer.bytes}`
  }
  const running = [
    ...Array.from({ length: streams.readers }, () => repeat(read)),
    ...Array.from({ length: streams.writers }, () => repeat(write)),
  ]
  try {
    await delay(500)
    await hurt()
    await delay(500)
  } finally {
    over = true
    await Promise.all(running)
  }
  return seen
}

/** How many requests a replica has answered since it started. */
export async function answersOf(directUrl: string): Promise<number> {
  const text = (await send(`${directUrl}/metrics`)).bytes.toString()
  const counts = text.matchAll(/^paste_http_request_duration_seconds_count\{.*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}
