import { inBackground } from '../core/index.ts'
import type { Redis } from '../platform/index.ts'

// Frames never change.
const KEPT_MS = 3_600_000

/** Redis as the second level of the frame cache. */
export function sharedFrames(redis: Redis) {
  return {
    get: async (key: string) => (await redis.get(`frame:${key}`)) ?? undefined,
    set: (key: string, value: Buffer) => inBackground(() => redis.set(`frame:${key}`, value, KEPT_MS)),
  }
}
