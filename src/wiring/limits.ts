import type { Config } from '../settings/index.ts'

/** The rate limits that a configuration sets. */
export function ratesOf(config: Config) {
  const { rateLimitCreate, rateLimitUpload, rateLimitRead, rateLimitMiss } = config
  return { create: rateLimitCreate, upload: rateLimitUpload, read: rateLimitRead, miss: rateLimitMiss }
}

/** When pastes expire: by default, at the earliest, at the latest. */
export function expiryOf({ defaultExpiry, minExpiry, maxExpiry }: Config) {
  return { defaultMs: defaultExpiry, minMs: minExpiry, maxMs: maxExpiry }
}

/** The limits that pages show. */
export function pageLimitsOf({ maxPasteBytes, minExpiry, maxExpiry, defaultExpiry }: Config) {
  return { maxPasteBytes, minExpiryMs: minExpiry, maxExpiryMs: maxExpiry, defaultExpiryMs: defaultExpiry }
}
