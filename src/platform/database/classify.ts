import { AppError, DuplicateKey, OutcomeUnknown } from '../../core/index.ts'
import { classifyVitessError } from './classify-vitess.ts'

/**
 * What a driver's error means for us: `retry` was rolled back and may be tried again, `unknown_outcome` is a write
 * whose answer was lost, `no_table` a schema that is not there (yet), `other` is a mistake of ours (bad SQL, wrong type).
 */
export type DatabaseErrorClass =
  | 'duplicate'
  | 'retry'
  | 'overloaded'
  | 'unavailable'
  | 'full'
  | 'unknown_outcome'
  | 'no_table'
  | 'other'

/** The last step that the failed statement is known to have reached, and whether it writes. */
export type StatementFate = { sent: boolean; writes: boolean }

/** Server error numbers of MySQL and MariaDB, where neither 'other' nor in doubt. Each is the server's own answer: nothing was done. */
const MYSQL_ERRORS: Record<number, DatabaseErrorClass> = {
  1062: 'duplicate', // ER_DUP_ENTRY
  1586: 'duplicate', // ER_DUP_ENTRY_WITH_KEY_NAME
  1020: 'retry', // ER_CHECKREAD, a write conflict under MariaDB's snapshot isolation
  1205: 'retry', // ER_LOCK_WAIT_TIMEOUT
  1213: 'retry', // ER_LOCK_DEADLOCK, on Galera also a conflict between nodes
  3572: 'retry', // ER_LOCK_NOWAIT
  1021: 'full', // ER_DISK_FULL
  1041: 'overloaded', // ER_OUT_OF_RESOURCES
  1114: 'full', // ER_RECORD_FILE_FULL
  1040: 'unavailable', // ER_CON_COUNT_ERROR
  1146: 'no_table', // ER_NO_SUCH_TABLE
  1044: 'unavailable', // ER_DBACCESS_DENIED_ERROR
  1142: 'unavailable', // ER_TABLEACCESS_DENIED_ERROR
  1045: 'unavailable', // ER_ACCESS_DENIED_ERROR
  1047: 'unavailable', // ER_UNKNOWN_COM_ERROR: a Galera node without quorum
  1049: 'unavailable', // ER_BAD_DB_ERROR
  1053: 'unavailable', // ER_SERVER_SHUTDOWN
  1129: 'unavailable', // ER_HOST_IS_BLOCKED
  1130: 'unavailable', // ER_HOST_NOT_PRIVILEGED
  1203: 'unavailable', // ER_TOO_MANY_USER_CONNECTIONS
  1226: 'unavailable', // ER_USER_LIMIT_REACHED
  1290: 'unavailable', // ER_OPTION_PREVENTS_STATEMENT: read-only after a failover
  1317: 'unavailable', // ER_QUERY_INTERRUPTED
  1429: 'unavailable', // ER_CONNECT_TO_FOREIGN_DATA_SOURCE: a shard is down (Spider)
  1836: 'unavailable', // ER_READ_ONLY_MODE
  1927: 'unavailable', // ER_CONNECTION_KILLED
  3168: 'unavailable', // ER_SERVER_ISNT_AVAILABLE: a tablet that is not open (Vitess)
}

/**
 * The server's word that it has no answer itself: a front lost its shard, or a commit did not end well on every node.
 * Seen with a shard whose answer to COMMIT was lost: 1158, and the row was changed.
 */
const MYSQL_IN_DOUBT: ReadonlySet<number> = new Set([
  1158, // ER_NET_READ_ERROR
  1159, // ER_NET_READ_INTERRUPTED
  1160, // ER_NET_ERROR_ON_WRITE
  1161, // ER_NET_WRITE_INTERRUPTED
  1180, // ER_ERROR_DURING_COMMIT
  2006, // CR_SERVER_GONE_ERROR
  2013, // CR_SERVER_LOST
  12701, // ER_SPIDER_REMOTE_SERVER_GONE_AWAY
])

/** What ER_ERROR_ON_WRITE and ER_GET_ERRNO say where the kernel had no room: ENOSPC (28) or EDQUOT (122). */
const NO_ROOM = /(?:error:?|errno:)\s*(?:28|122)\b/i

/** ER_UNKNOWN_ERROR, which Vitess sends for errors of its own parts. */
const VITESS_ERROR = 1105

/** SQLite's primary result codes, the low byte of `errcode`. */
const SQLITE_ERRORS: Record<number, DatabaseErrorClass> = {
  5: 'unavailable', // SQLITE_BUSY, after the busy timeout
  6: 'unavailable', // SQLITE_LOCKED
  8: 'unavailable', // SQLITE_READONLY
  10: 'unavailable', // SQLITE_IOERR
  11: 'unavailable', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unavailable', // SQLITE_CANTOPEN
  26: 'unavailable', // SQLITE_NOTADB
}
/** There is no room for the index of the log. */
const SQLITE_IOERR_SHMSIZE = 4874
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555
const SQLITE_CONSTRAINT_UNIQUE = 2067

/** The connection went away or never came: there is no answer of the server. */
const CONNECTION_LOST =
  /^(PROTOCOL_.*|HANDSHAKE_.*|ECONN.*|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_.*|QUERY_TIMEOUT)$/

/**
 * Sorts an error of `node:sqlite` or mysql2; pure. A lost connection, ours or one behind the server, counts as
 * `unknown_outcome` when the statement writes and was sent, because it may have been carried out.
 */
export function classifyDatabaseError(error: unknown, fate: StatementFate): DatabaseErrorClass {
  if (!(error instanceof Error)) return 'other'
  const { code, errno, errcode } = error as { code?: unknown; errno?: unknown; errcode?: unknown }
  if (typeof errcode === 'number') {
    if (errcode === SQLITE_CONSTRAINT_PRIMARYKEY || errcode === SQLITE_CONSTRAINT_UNIQUE) return 'duplicate'
    // One code for all that is wrong with a statement.
    if (error.message.startsWith('no such table')) return 'no_table'
    if (errcode === SQLITE_IOERR_SHMSIZE) return 'full'
    return SQLITE_ERRORS[errcode & 0xff] ?? 'other'
  }
  if (code === 'POOL_EXHAUSTED') return 'overloaded'
  if (NO_ROOM.test(error.message) && (errno === 1026 || errno === 1030)) return 'full'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full'
  const vitess = classifyVitessError(errno, error.message)
  if (vitess === 'refused') return 'unavailable'
  if (vitess === 'in_doubt' || isConnectionLost(error) || MYSQL_IN_DOUBT.has(errno as number))
    return fate.sent && fate.writes ? 'unknown_outcome' : 'unavailable'
  if (errno === VITESS_ERROR && /\btable \S+ not found\b/.test(error.message)) return 'no_table'
  return typeof errno === 'number' ? (MYSQL_ERRORS[errno] ?? 'other') : 'other'
}

/** Whether an error of mysql2 means that the connection is gone, as opposed to an answer of the server. */
export function isConnectionLost(error: unknown): boolean {
  const { code, fatal, sqlState } = error as { code?: unknown; fatal?: unknown; sqlState?: unknown }
  return (typeof code === 'string' && CONNECTION_LOST.test(code)) || (fatal === true && sqlState === undefined)
}

/** What to say of a database that answers and takes no writes. */
function readOnly(error: unknown): { detail?: string } {
  const { errno } = error as { errno?: unknown }
  return errno === 1290 || errno === 1836
    ? { detail: 'The database takes no writes now, as after a failover. What is there can be read.' }
    : {}
}

/**
 * The error that leaves the database layer for a driver's error: {@link DuplicateKey}, {@link OutcomeUnknown}, an
 * AppError (`database_unavailable`, `overloaded`, `storage_full`, `schema_mismatch`) with the driver's error as its cause, or, for a
 * mistake of ours, the driver's error itself.
 */
export function databaseFailure(error: unknown, fate: StatementFate): unknown {
  if (error instanceof AppError || error instanceof DuplicateKey || error instanceof OutcomeUnknown) return error
  switch (classifyDatabaseError(error, fate)) {
    case 'duplicate':
      return new DuplicateKey(error)
    case 'unknown_outcome':
      return new OutcomeUnknown(error)
    case 'overloaded':
    case 'retry':
      return new AppError('overloaded', { cause: error })
    case 'full':
      return new AppError('storage_full', { cause: error })
    case 'unavailable':
      return new AppError('database_unavailable', { cause: error, ...readOnly(error) })
    case 'no_table':
      return new AppError('schema_mismatch', { cause: error })
    case 'other':
      return error
  }
}
