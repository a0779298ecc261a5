import type { CauseCode } from './causes.ts'

/** Error numbers of MySQL and MariaDB. */
const SQL: Record<number, CauseCode> = {
  1040: 'too_many_connections', // ER_CON_COUNT_ERROR
  1203: 'too_many_connections', // ER_TOO_MANY_USER_CONNECTIONS
  1226: 'too_many_connections', // ER_USER_LIMIT_REACHED
  1045: 'wrong_password', // ER_ACCESS_DENIED_ERROR
  1698: 'wrong_password', // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
  1044: 'missing_right', // ER_DBACCESS_DENIED_ERROR
  1142: 'missing_right', // ER_TABLEACCESS_DENIED_ERROR
  1143: 'missing_right', // ER_COLUMNACCESS_DENIED_ERROR
  1227: 'missing_right', // ER_SPECIFIC_ACCESS_DENIED_ERROR
  1049: 'no_database', // ER_BAD_DB_ERROR
  1129: 'not_admitted', // ER_HOST_IS_BLOCKED
  1130: 'not_admitted', // ER_HOST_NOT_PRIVILEGED
  1290: 'read_only', // ER_OPTION_PREVENTS_STATEMENT
  1836: 'read_only', // ER_READ_ONLY_MODE
  1021: 'full', // ER_DISK_FULL
  1114: 'full', // ER_RECORD_FILE_FULL
  3159: 'tls', // ER_SECURE_TRANSPORT_REQUIRED
}

/** `code` of errors of Node, mysql2 and ours, and `name` of errors that the SDK makes from S3's answers. */
const WORDS: Record<string, CauseCode> = {
  ENOTFOUND: 'host_unknown',
  EAI_AGAIN: 'host_unknown',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'no_answer',
  QUERY_TIMEOUT: 'no_answer',
  TimeoutError: 'no_answer',
  AbortError: 'no_answer',
  EHOSTUNREACH: 'no_answer',
  ENETUNREACH: 'no_answer',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  PROTOCOL_CONNECTION_LOST: 'connection_lost',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls',
  EPROTO: 'tls',
  HOSTNAME_MISMATCH: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  SignatureDoesNotMatch: 'wrong_secret_key',
  InvalidAccessKeyId: 'unknown_access_key',
  AccessDenied: 'access_denied',
  Forbidden: 'access_denied',
  NoSuchBucket: 'no_bucket',
  NotFound: 'no_bucket',
  RequestTimeTooSkewed: 'clock_skew',
  PermanentRedirect: 'wrong_region',
  AuthorizationHeaderMalformed: 'wrong_region',
  storage_full: 'full',
  ENOSPC: 'full',
  EACCES: 'folder',
  ENOENT: 'folder',
  EROFS: 'folder',
}

/** First words of Redis' refusals. */
const REDIS: [RegExp, CauseCode][] = [
  [/^(WRONGPASS|NOAUTH|ERR invalid password|ERR (Client sent )?AUTH)/, 'wrong_password'],
  [/^NOPERM/, 'missing_right'],
  [/^READONLY/, 'read_only'],
  [/^ERR max number of clients/, 'too_many_connections'],
]

/** What one error means by its number, its code, its name or its first words; undefined where it means nothing. */
export function causeOfSign(error: Error): CauseCode | undefined {
  const { errno, code } = error as { errno?: unknown; code?: unknown }
  if (typeof errno === 'number' && SQL[errno]) return SQL[errno]
  for (const word of [code, error.name]) {
    if (typeof word !== 'string') continue
    if (Object.hasOwn(WORDS, word)) return WORDS[word]
    // mysql2 keeps the message of OpenSSL and replaces its code.
    if (word === 'HANDSHAKE_SSL_ERROR') return /certificate/i.test(error.message) ? 'certificate' : 'tls'
    if (/(^|_)CERT(_|$)/.test(word)) return 'certificate'
    if (word.startsWith('ERR_SSL_') || word.startsWith('ERR_TLS_')) return 'tls'
  }
  return REDIS.find(([sign]) => sign.test(error.message))?.[1]
}
