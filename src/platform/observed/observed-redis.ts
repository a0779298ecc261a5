import type { Observe } from '../../core/index.ts'
import type { Redis } from '../redis/index.ts'

/** How the use of Redis is observed. */
export type RedisObserver = {
  observe: Observe
  /** Told of every lookup that Redis answered. */
  lookedUp?(found: boolean): void
}

/** Redis around Redis: every command is observed as a call; those that it is not there for take no time. */
export function observedRedis(redis: Redis, { observe, lookedUp }: RedisObserver): Redis {
  return {
    ...redis,
    async get(key) {
      const value = await observe('redis', 'get', () => redis.get(key))
      if (value !== undefined) lookedUp?.(value !== null)
      return value
    },
    set: (...call) => observe('redis', 'set', () => redis.set(...call)),
    setAndTell: (...call) => observe('redis', 'set and tell', () => redis.setAndTell(...call)),
    run: (...call) => observe('redis', 'script', () => redis.run(...call)),
  }
}
