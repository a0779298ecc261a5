import { type Clock, inBackground } from '../../core/index.ts'
import { type Redis, redisScript } from '../redis/index.ts'
import { createLocalWindows } from './local-windows.ts'
import { GIVE_BACK_SCRIPT, TAKE_SCRIPT, takeShared } from './shared-windows.ts'
import type { Decision, Limit } from './window.ts'

/** One rate limit, such as "creates by one client". */
export type Limiter = {
  /**
   * Takes `cost` units (a whole number, 0 only asks) for a client if they are there, all or none. Answers at once when
   * counting in memory. Never throws.
   */
  take(client: string, cost?: number): Decision | Promise<Decision>
  /** Gives back units that `decision` took for the client and that were not used after all. Never throws. */
  giveBack(client: string, decision: Decision, units: number): void
}

/** What a limiter counts and where. */
export type LimiterOptions = {
  /** Part of the keys in Redis; limiters with one name share their counts. */
  name: string
  limit: Limit
  clock: Clock
  /** Shared by the replicas. Absent, or while it is not available: each replica counts on its own. */
  redis?: Pick<Redis, 'run'> | undefined
  /** Counts a count in Redis that can't be right; the replica then counts on its own. */
  refused?: (() => void) | undefined
}

/**
 * A sliding window: within any period of `windowMs` a client gets at most `count` units, over all replicas while Redis
 * is available. Every call is one key, so a Redis Cluster may keep the clients where it likes.
 */
export function createLimiter({ name, limit, clock, redis, refused }: LimiterOptions): Limiter {
  const local = createLocalWindows(limit)
  const takeLocal = (client: string, cost: number) => local.take(client, cost, clock.now())
  const giveBackLocal: Limiter['giveBack'] = (client, { slot }, units) => local.giveBack(client, slot, units)
  if (!redis) return { take: (client, cost = 1) => takeLocal(client, cost), giveBack: giveBackLocal }
  const [takeScript, giveBackScript] = [redisScript(TAKE_SCRIPT), redisScript(GIVE_BACK_SCRIPT)]
  const keyOf = (client: string) => `limit:${name}:${client}`
  return {
    async take(client, cost = 1) {
      const decision = await takeShared(redis, takeScript, keyOf(client), limit, cost, refused)
      return decision ?? takeLocal(client, cost)
    },
    giveBack(client, decision, units) {
      if (!decision.isShared) giveBackLocal(client, decision, units)
      else inBackground(() => redis.run(giveBackScript, [keyOf(client)], [decision.slot, units]))
    },
  }
}
