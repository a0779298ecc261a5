import type { Clock } from '../../core/index.ts'
import { type Redis, redisScript } from '../redis/index.ts'
import { createLocalWindows } from './local.ts'
import { TAKE_SCRIPT, takeShared } from './shared.ts'
import type { Decision, Limit } from './window.ts'

/** One rate limit, such as "creates by one client". */
export type Limiter = {
  /**
   * Takes `cost` units (a whole number, 0 only asks) for a client if they are there, all or none. Answers at once when
   * counting in memory. Never throws.
   */
  take(client: string, cost?: number): Decision | Promise<Decision>
}

/** What a limiter counts and where. */
export type LimiterOptions = {
  /** Part of the keys in Redis; limiters with one name share their counts. */
  name: string
  limit: Limit
  clock: Clock
  /** Shared by the replicas. Absent, or while it is not available: each replica counts on its own. */
  redis?: Pick<Redis, 'run'>
}

/**
 * A sliding window: within any period of `windowMs` a client gets at most `count` units, over all replicas while Redis
 * is available.
 */
export function createLimiter({ name, limit, clock, redis }: LimiterOptions): Limiter {
  const local = createLocalWindows(limit)
  const takeLocal = (client: string, cost: number) => local.take(client, cost, clock.now())
  if (!redis) return { take: (client, cost = 1) => takeLocal(client, cost) }
  const script = redisScript(TAKE_SCRIPT)
  return {
    async take(client, cost = 1) {
      const decision = await takeShared(redis, script, `limit:${name}:${client}`, limit, cost)
      return decision ?? takeLocal(client, cost)
    },
  }
}
