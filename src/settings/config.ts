import { DNS_SETTINGS, dnsSettingsProblem } from './dns.ts'
import { ownEnvironment } from './environment.ts'
import { EVENT_SETTINGS } from './events.ts'
import {
  address,
  byteRate,
  cron,
  duration,
  durationOrNever,
  flag,
  headerName,
  integer,
  integerOrAuto,
  networks,
  origin,
  rate,
  type Setting,
  setting,
  size,
  sizeOrAuto,
  text,
  word,
} from './parsers.ts'
import { redisUrl } from './redis-url.ts'
import { givenText } from './secret-files.ts'
import { TRACING_SETTINGS } from './tracing.ts'

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * Every setting, once: variable, description, default, and how its text becomes a value. The table of `config/README.md`
 * and `.env.example` are generated from this (`npm run docs`).
 */
export const SETTINGS = {
  host: setting('HOST', 'Address to listen on; `0.0.0.0` or `::` for all', '127.0.0.1', text),
  port: setting('PORT', 'Port to listen on; 0 takes a free one', '3000', integer(0, 65_535)),
  publicUrl: setting(
    'PUBLIC_URL',
    'The address that users see, used in every link; absent: where it listens',
    undefined,
    origin,
  ),
  brandName: setting('BRAND_NAME', 'Name at the top of every page', 'Extended Pastebin', text),
  dataDir: setting('DATA_DIR', 'Folder of the embedded database and store', './data', text),
  databaseUrl: setting(
    'DATABASE_URL',
    'MySQL or MariaDB, `mysql://user:password@host:3306/name`, also `host1,host2:3306`; absent: SQLite in `DATA_DIR`',
    undefined,
    address('mysql'),
    true,
  ),
  s3Endpoint: setting(
    'S3_ENDPOINT',
    'S3-compatible store, such as `https://s3.example`; absent: files in `DATA_DIR`',
    undefined,
    origin,
  ),
  s3Bucket: setting('S3_BUCKET', 'Bucket; made when missing and permitted', 'pastes', text),
  s3Region: setting('S3_REGION', 'Region', 'us-east-1', text),
  s3AccessKeyId: setting('S3_ACCESS_KEY_ID', 'Access key', undefined, text, true),
  s3SecretAccessKey: setting('S3_SECRET_ACCESS_KEY', 'Secret key', undefined, text, true),
  s3ForcePathStyle: setting(
    'S3_FORCE_PATH_STYLE',
    'Bucket in the path (most self-hosted stores) or in the host name',
    'true',
    flag,
  ),
  redisUrl: setting(
    'REDIS_URL',
    'Shared cache and rate limits: `redis://user:password@host:6379/0`, `redis+sentinel://host:26379,host:26379/name` or `redis+cluster://host:6379,host:6379`; `rediss` for TLS; absent: in memory',
    undefined,
    redisUrl,
    true,
  ),
  migrate: setting(
    'MIGRATE_AT_START',
    'Bring the schema up to date at start: `auto` does so when embedded',
    'auto',
    word('auto', 'true', 'false'),
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    'Addresses or CIDR ranges whose `X-Forwarded-For` and `-Proto` are believed, comma-separated',
    undefined,
    networks,
  ),
  countryHeader: setting(
    'COUNTRY_HEADER',
    'Header in which these proxies report the country of a client, such as `CF-IPCountry`; absent: no header is trusted',
    undefined,
    headerName,
  ),
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
  corsOrigin: setting(
    'CORS_ORIGIN',
    'Value of `Access-Control-Allow-Origin` on the REST API; no cookie is ever used',
    '*',
    text,
  ),
  adminToken: setting(
    'ADMIN_TOKEN',
    'When set, `/metrics`, `/performance` and `/stats` want it: `Authorization: Bearer`, or as a password. Without it, and with a `HOST` that others reach, they answer only to this machine',
    undefined,
    text,
    true,
  ),
  recording: setting(
    'RECORDING',
    'Record how the service performs, for `/performance`; `off` records nothing',
    'on',
    word('on', 'off'),
  ),
  ...DNS_SETTINGS,
  ...EVENT_SETTINGS,
  ...TRACING_SETTINGS,
  logLevel: setting('LOG_LEVEL', '`info` logs writes and failures, `debug` every request', 'info', word(...LEVELS)),
}

/** The parsed configuration, frozen: one value for each entry of {@link SETTINGS}; undefined where nothing is set. */
export type Config = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer Value> & {
    preset: infer Preset
  }
    ? Preset extends string
      ? Value
      : Value | undefined
    : never
}

/** Thrown for a variable that can't be used; the message is one line for the operator. */
export class ConfigError extends Error {}

/**
 * Reads the configuration from environment variables; secrets also from the files that `<variable>_FILE` names.
 * Throws {@link ConfigError} naming the first variable that is wrong; a secret's value is never part of the message.
 */
export function loadConfig(environment: Record<string, string | undefined> = ownEnvironment()): Config {
  const config: Record<string, unknown> = {}
  for (const [name, entry] of Object.entries(SETTINGS)) {
    let given: string | undefined
    try {
      given = givenText(environment, entry) ?? entry.preset
      config[name] = given === undefined ? undefined : entry.parse(given)
    } catch (error) {
      const shown = entry.secret ? '' : ` (it is "${given}")`
      throw new ConfigError(`${entry.variable} ${error instanceof Error ? error.message : error}${shown}`)
    }
  }
  return Object.freeze(checkTogether(config as Config))
}

function checkTogether(config: Config): Config {
  if (config.s3Endpoint && !(config.s3AccessKeyId && config.s3SecretAccessKey))
    throw new ConfigError('S3_ENDPOINT is set, so S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set too')
  if (config.maxExpiry !== null && config.minExpiry > config.maxExpiry)
    throw new ConfigError('MIN_EXPIRY must not be longer than MAX_EXPIRY')
  if (config.maxExpiry !== null && (config.defaultExpiry === null || config.defaultExpiry > config.maxExpiry))
    throw new ConfigError('DEFAULT_EXPIRY must not be longer than MAX_EXPIRY')
  // The formats of frames and rows are made, and tested, for no more.
  if (config.maxPasteBytes > 50 * 1024 ** 2) throw new ConfigError('MAX_PASTE_BYTES must not be more than 50MiB')
  if (config.inlineMaxBytes > 1024 ** 2) throw new ConfigError('INLINE_MAX_BYTES must not be more than 1MiB')
  // Decoding one body takes 8 MiB.
  if (config.memoryBudget !== null && config.memoryBudget < 16 * 1024 ** 2)
    throw new ConfigError('MEMORY_BUDGET must be at least 16MiB')
  const problem = dnsSettingsProblem(config)
  if (problem) throw new ConfigError(problem)
  return config
}
