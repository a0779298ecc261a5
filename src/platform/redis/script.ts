import { createHash } from 'node:crypto'

/** A Lua script and the SHA-1 under which Redis remembers it. */
export type RedisScript = { lua: string; sha1: string }

/** Prepares a Lua script for {@link Redis.run}. It may use only the keys it is given. */
export function redisScript(lua: string): RedisScript {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') }
}
