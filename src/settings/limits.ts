import {
  byteRate,
  cron,
  duration,
  durationOrNever,
  integer,
  integerOrAuto,
  rate,
  setting,
  size,
  sizeOrAuto,
} from './parsers.ts'

/** How large, how long, how much and how often. */
export const LIMIT_SETTINGS = {
  maxPasteBytes: setting('MAX_PASTE_BYTES', 'Largest paste', '50MiB', size),
  inlineMaxBytes: setting('INLINE_MAX_BYTES', 'Bodies up to this stored size lie in the database row', '16KiB', size),
  cacheBytes: setting('CACHE_BYTES', 'Memory for cached content', '64MiB', size),
  maxUploads: setting(
    'MAX_UPLOADS',
    'Uploads of more than 64 KiB at once; one more is answered 503',
    '16',
    integer(1, 10_000),
  ),
  maxConnections: setting(
    'MAX_CONNECTIONS',
    'Connections of clients at once, more are refused; `auto`: what the limit of descriptors (`ulimit -n`) allows but for a quarter (128 to 1,024), which files and databases keep',
    'auto',
    integerOrAuto(1, 1_000_000),
  ),
  memoryBudget: setting(
    'MEMORY_BUDGET',
    'Memory for bodies on their way; past it creates are answered 503. `auto`: a quarter of what the process may use, at most 8 MiB for each of `MAX_UPLOADS`',
    'auto',
    sizeOrAuto,
  ),
  minFreeBytes: setting(
    'MIN_FREE_BYTES',
    'Free bytes on the disk of `DATA_DIR` below which creates are answered 507; `auto`: 256 MiB or 5 % of the disk, whichever is less; 0: no watch',
    'auto',
    sizeOrAuto,
  ),
  maxStoredBytes: setting(
    'MAX_STORED_BYTES',
    'Stored bytes of all pastes beyond which creates are answered 507, counted every 10 s; absent: no limit',
    undefined,
    size,
  ),
  defaultExpiry: setting(
    'DEFAULT_EXPIRY',
    'When a paste ends if nothing is said: a time, or `never`',
    '30d',
    durationOrNever,
  ),
  minExpiry: setting('MIN_EXPIRY', 'Shortest expiry', '10s', duration),
  maxExpiry: setting('MAX_EXPIRY', 'Longest expiry; with `never`, pastes may stay for ever', 'never', durationOrNever),
  sweepSchedule: setting(
    'SWEEP_SCHEDULE',
    'When the sweeper reclaims space (cron; six fields begin with seconds)',
    '*/15 * * * * *',
    cron,
  ),
  rateLimitCreate: setting(
    'RATE_LIMIT_CREATE',
    'Creates, edits and deletes by one client: `60/minute`, or `off`',
    '600/minute',
    rate,
  ),
  rateLimitUpload: setting(
    'RATE_LIMIT_UPLOAD',
    'Bytes uploaded by one client: `5GiB/hour`, or `off`',
    '5GiB/hour',
    byteRate,
  ),
  rateLimitRead: setting('RATE_LIMIT_READ', 'Reads by one client', 'off', rate),
  rateLimitMiss: setting(
    'RATE_LIMIT_MISS',
    'Requests for unknown pastes by one client, an address or an IPv6 /64; beyond it all reads by name are 429. Higher where many share an address',
    '100/minute',
    rate,
  ),
}
