import type { ConnectionOptions, PoolOptions } from 'mysql2'
import { createMysqlHosts, type MysqlHosts } from './hosts.ts'

/** How long things may take before they fail, and how many connections there are. */
export type MysqlLimits = {
  connections: number
  /** Statements that may wait for a connection; one more is refused at once. */
  waiters: number
  /** Waiting for a connection, a new one's handshake included. */
  acquireMs: number
  connectMs: number
  /** A statement with the wait for its connection, retries included. */
  statementMs: number
}

/**
 * What a request may wait, so that a client hears of an outage while it still listens: 3 s in all, with the question
 * what became of a write whose answer didn't come.
 */
export const REQUEST_LIMITS: MysqlLimits = {
  connections: 10,
  // The deadline is what bounds a wait; this bounds memory. A burst of a few hundred small requests is no overload.
  waiters: 512,
  acquireMs: 1_000,
  connectMs: 2_000,
  statementMs: 2_500,
}

/** For migrations: no client waits, a server may be just starting, and DDL may copy a table. */
export const MIGRATION_LIMITS: MysqlLimits = {
  connections: 2,
  waiters: 4,
  acquireMs: 30_000,
  connectMs: 10_000,
  statementMs: 3_600_000,
}

/**
 * The settings of every new connection: MySQL's own strict mode on MariaDB too, one isolation level for all engines, and
 * a lock wait that ends before our deadline does, so that the server answers 1205 instead of being cut off.
 */
export const SESSION_SETTINGS = [
  "set session sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY," +
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 1",
  'set session transaction isolation level read committed',
]

/** The servers that a URL names, if there are several. */
export function mysqlHosts(url: string): MysqlHosts | undefined {
  const { hostname } = new URL(url)
  return hostname.includes(',') ? createMysqlHosts(hostname) : undefined
}

/** mysql2's options for one connection to what a URL names; with several servers it needs `hosts` to choose one. */
export function connectionOptions(url: string, hosts: MysqlHosts | undefined): ConnectionOptions {
  const address = new URL(url)
  const mode = address.searchParams.get('ssl-mode')
  address.searchParams.delete('ssl-mode')
  return {
    uri: address.href,
    ...(mode !== null && { ssl: tlsOf(mode) }),
    ...(hosts && { stream: () => hosts.connect(Number(new URL(url).port) || STANDARD_PORT) }),
  }
}

const STANDARD_PORT = 3306

/**
 * The modes of MySQL's own clients. `REQUIRED` encrypts and trusts any certificate, `VERIFY_CA` one of a known authority,
 * `VERIFY_IDENTITY` that of the host's name only. Whatever the mode, a server without TLS is refused.
 */
function tlsOf(mode: string): NonNullable<ConnectionOptions['ssl']> {
  switch (mode) {
    case 'REQUIRED':
      return { rejectUnauthorized: false }
    case 'VERIFY_CA':
      return { rejectUnauthorized: true }
    case 'VERIFY_IDENTITY':
      return { rejectUnauthorized: true, verifyIdentity: true }
    default:
      throw new Error('unknown ssl-mode')
  }
}

/** mysql2's options for a pool; `FOUND_ROWS` (matched rows, not changed rows) is spelled out, though its default. */
export function poolOptions(url: string, limits: MysqlLimits, hosts: MysqlHosts | undefined): PoolOptions {
  return {
    ...connectionOptions(url, hosts),
    connectionLimit: limits.connections,
    queueLimit: limits.waiters,
    maxIdle: Math.ceil(limits.connections / 2),
    idleTimeout: 60_000,
    connectTimeout: limits.connectMs,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    flags: ['FOUND_ROWS'],
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    decimalNumbers: true,
    maxPreparedStatements: 200,
  }
}
