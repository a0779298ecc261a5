import { LRUCache } from 'lru-cache'
import type { Limiter } from './limiter.ts'
import type { Decision } from './window.ts'

/** Remembers in this process who has no misses left, so that nothing is looked up for such a client. */
export type MissGate = {
  /** Counts one request for something unknown; an answer that isn't `allowed` refuses it. */
  take(client: string): Promise<Decision>
  /** What refuses a client until one of its misses leaves the window; undefined for everybody else. */
  refusal(client: string): Decision | undefined
  /** No client is refused now: `refusal` needs no client then. */
  isOpen(): boolean
}

/** Bounds memory. Who is pushed out is looked up once more, and shut out again by its next miss. */
const MOST_CLIENTS = 20_000

/**
 * A limit for misses that is asked before the look-up. While it only judged misses, each guess was looked up and one
 * that was right was answered, so the limit stopped no guesser. The gate is local: a read costs no round trip for it.
 * `now` gives milliseconds and never goes back.
 */
export function createMissGate(limiter: Limiter, now: () => number): MissGate {
  const shut = new LRUCache<string, { decision: Decision; untilMs: number }>({ max: MOST_CLIENTS })
  const shutOut = (client: string, decision: Decision) =>
    shut.set(client, { decision, untilMs: now() + decision.retryAfterMs })
  return {
    async take(client) {
      const decision = await limiter.take(client)
      if (!decision.allowed) shutOut(client, decision)
      else if (decision.remaining === 0) {
        // The last miss is taken: what the next one would hear holds from now on.
        const next = await limiter.take(client)
        if (next.allowed) limiter.giveBack(client, next, 1)
        else shutOut(client, next)
      }
      return decision
    },
    refusal(client) {
      const found = shut.get(client)
      if (found === undefined) return undefined
      const leftMs = found.untilMs - now()
      if (leftMs > 0)
        return { ...found.decision, retryAfterMs: leftMs, resetMs: Math.max(found.decision.resetMs, leftMs) }
      shut.delete(client)
      return undefined
    },
    isOpen: () => shut.size === 0,
  }
}
