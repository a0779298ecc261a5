import { AppError, DURATION_UNITS } from '../core/index.ts'

/** What the operator allows, in milliseconds; null means "never ends". */
export type ExpiryLimits = { defaultMs: number | null; minMs: number; maxMs: number | null }

/** What a client asked for: at most one of the two. */
export type ExpiryRequest = { expiresIn?: number | string | undefined; expiresAt?: string | undefined }

// RFC 3339 section 5.6 with a zone; leap seconds and 24:00 are refused below because Date would move them.
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * When a paste ends (epoch ms), or null for never. `expiresIn` is a whole number of seconds, or `10m`, `2h`, `7d`,
 * `4w`, `never`; `expiresAt` an RFC 3339 time. Throws `conflicting_fields` when both are given, `invalid_expiry` for
 * what is no expiry or lies outside the limits, `expiry_out_of_range` for `never` where it isn't allowed.
 */
export function resolveExpiry(request: ExpiryRequest, now: number, limits: ExpiryLimits): number | null {
  if (request.expiresIn !== undefined && request.expiresAt !== undefined)
    throw new AppError('conflicting_fields', { detail: 'Give expiresIn or expiresAt, not both.' })
  if (request.expiresAt !== undefined)
    return now + within(parseTimestamp(request.expiresAt) - now, limits, '/expiresAt')
  if (request.expiresIn === undefined) {
    const { defaultMs, maxMs } = limits
    if (defaultMs === null) return maxMs === null ? null : now + maxMs
    return now + (maxMs === null ? defaultMs : Math.min(defaultMs, maxMs))
  }
  if (request.expiresIn === 'never') {
    if (limits.maxMs === null) return null
    throw new AppError('expiry_out_of_range', { detail: `Here a paste ends after ${limits.maxMs / 1000} s at most.` })
  }
  return now + within(parseDuration(request.expiresIn), limits, '/expiresIn')
}

function parseDuration(value: number | string): number {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value * 1_000 : Number.NaN
  const match = /^([1-9]\d{0,8})([smhdw])$/.exec(value)
  return match ? Number(match[1]) * DURATION_UNITS[match[2] as keyof typeof DURATION_UNITS] : Number.NaN
}

function parseTimestamp(text: string): number {
  const match = TIMESTAMP.exec(text)
  if (!match) return Number.NaN
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const moved = local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day
  if (moved || hour > 23 || minute > 59 || second > 59) return Number.NaN
  return Date.parse(text.toUpperCase())
}

function within(ms: number, limits: ExpiryLimits, pointer: string): number {
  const tooLong = limits.maxMs !== null && ms > limits.maxMs
  // The year 9999 bounds "no limit": past it, timestamps no longer have four digits.
  if (!(ms >= limits.minMs) || tooLong || ms > 251_000_000_000_000)
    throw new AppError('invalid_expiry', {
      detail: `An expiry is a time from ${limits.minMs / 1000} s ${limits.maxMs === null ? 'on' : `to ${limits.maxMs / 1000} s`} from now, such as 600, 10m, 2h, 7d or 4w.`,
      members: { pointer },
    })
  return ms
}

/** Whether something that ends at `expiresAt` (epoch ms, null: never) is over at `now`. */
export function isOver(expiresAt: number | null, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}
