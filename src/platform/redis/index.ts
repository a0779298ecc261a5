import type { Redis, RedisOptions } from './redis.ts'

export type { Redis, RedisOptions } from './redis.ts'
export { redisScript } from './script.ts'
export type { RedisTarget } from './target.ts'

/** Loads the driver and starts to connect; does not wait for Redis, which may come later or never. */
export async function createRedis(options: RedisOptions): Promise<Redis> {
  const { connectRedis } = await import('./redis.ts')
  return connectRedis(options)
}
