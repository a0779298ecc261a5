import { totalmem } from 'node:os'
import type { PasteRouteDeps } from '../paste/index.ts'
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
export function pageLimitsOf({ maxPasteBytes, minExpiry, maxExpiry, defaultExpiry, create }: Config) {
  return { maxPasteBytes, minExpiryMs: minExpiry, maxExpiryMs: maxExpiry, defaultExpiryMs: defaultExpiry, create }
}

const BUDGET_SHARE = 1 / 4
const LEAST_BUDGET = 64 * 1024 ** 2
const BUDGET_PER_UPLOAD = 8 * 1024 ** 2

/** What the routes of pastes allow, and tell at `/api/v1/limits`. */
export function routeLimitsOf(config: Config): PasteRouteDeps['limits'] {
  const { maxPasteBytes, create, read } = config
  return { maxPasteBytes, expiry: expiryOf(config), rates: ratesOf(config), access: { create, read } }
}

/** Bytes that bodies on their way may take: a share of the container's memory, or of the machine's. */
export function memoryBudget({ memoryBudget, maxUploads }: Config): number {
  if (memoryBudget !== null) return memoryBudget
  // Without a limit the kernel names one that no machine has.
  const usable = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
  return Math.floor(Math.min(usable * BUDGET_SHARE, Math.max(maxUploads * BUDGET_PER_UPLOAD, LEAST_BUDGET)))
}
