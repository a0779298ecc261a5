import { ACCESS_SETTINGS } from './access.ts'
import { DIALECTS, dialects } from './dialects.ts'
import { DNS_SETTINGS, dnsSettingsProblem } from './dns.ts'
import { ownEnvironment } from './environment.ts'
import { EVENT_SETTINGS } from './events.ts'
import { LIMIT_SETTINGS } from './limits.ts'
import { headerName, integer, networks, type Setting, setting, text, webAddress, word } from './parsers.ts'
import { givenText } from './secret-files.ts'
import { STORAGE_SETTINGS } from './storage.ts'
import { TRACING_SETTINGS } from './tracing.ts'

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * Every setting, once: variable, description, default, and how its text becomes a value. The table of `config/README.md`
 * and `.env.example` are generated from this (`npm run docs`).
 */
export const SETTINGS = {
  host: setting('HOST', 'Address to listen on; `0.0.0.0` or `::` for all', '127.0.0.1', text),
  port: setting('PORT', 'Port to listen on; 0 takes a free one', '3000', integer(0, 65_535)),
  tcpPort: setting(
    'TCP_PORT',
    'Port that takes text as it is and answers the address, as `nc host 9999` has it; absent: none',
    undefined,
    integer(0, 65_535),
  ),
  publicUrl: setting(
    'PUBLIC_URL',
    'The address that users see, used in every link, with the path below which the service lives, if any; absent: where it listens',
    undefined,
    webAddress,
  ),
  brandName: setting('BRAND_NAME', 'Name at the top of every page', 'Extended Pastebin', text),
  dataDir: setting('DATA_DIR', 'Folder of the embedded database and store', './data', text),
  ...STORAGE_SETTINGS,
  ...ACCESS_SETTINGS,
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
  ...LIMIT_SETTINGS,
  corsOrigin: setting(
    'CORS_ORIGIN',
    'Value of `Access-Control-Allow-Origin` on the REST API; no cookie is ever used',
    '*',
    text,
  ),
  dialects: setting(
    'DIALECTS',
    `Wire formats of other pastebins that are spoken: \`all\`, \`off\`, or some of ${DIALECTS.map((name) => `\`${name}\``).join(', ')}, comma-separated`,
    'all',
    dialects,
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
