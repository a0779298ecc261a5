import type { PoolConnection, TypedParameter } from 'mysql2'
import { classifyDatabaseError, databaseFailure, isConnectionLost } from '../classify.ts'
import { withRetries } from '../retry.ts'
import type { MysqlLimits } from './options.ts'
import type { MysqlPool } from './pool.ts'
import { ask, type MysqlResult } from './query.ts'

/** The use of one pooled connection for a time; errors are those of `databaseFailure`. */
export type MysqlSession = {
  /**
   * Runs one statement within the deadline. Outside a transaction, one that lost a lock is tried again up to three
   * times; a read whose connection turns out to be dead, and anything that a server refuses because it is no longer
   * the one to ask, once, on another connection.
   */
  run(sql: string, parameters: readonly unknown[], writes: boolean): Promise<MysqlResult>
  /** Begins or ends a transaction. */
  transaction(command: 'begin' | 'commit' | 'rollback'): Promise<void>
  release(): void
}

/** What a session needs besides its connection. */
export type MysqlSessionParts = {
  pool: MysqlPool
  limits: MysqlLimits
  /** mysql2's own, which is loaded late. */
  typed: TypedParameter
  random: () => number
}

/** Takes a connection from the pool; throws `database_unavailable` or `overloaded` when there is none in time. */
export async function openMysqlSession({ pool, limits, typed, random }: MysqlSessionParts): Promise<MysqlSession> {
  const startedAt = performance.now()
  let connection = await acquire()
  let deadlineAt = startedAt + limits.statementMs
  let inTransaction = false

  async function acquire(): Promise<PoolConnection> {
    try {
      return await pool.acquire()
    } catch (error) {
      throw databaseFailure(error, { sent: false, writes: false })
    }
  }

  async function send(sql: string, parameters: readonly unknown[], writes: boolean): Promise<MysqlResult> {
    try {
      return await ask(connection, { sql, parameters, writes, typed, withinMs: deadlineAt - performance.now() })
    } catch (error) {
      // A new connection may reach the server that took over.
      if (isConnectionLost(error) || isDemoted(error) || isCommitFailed(error)) pool.discard(connection)
      throw error
    }
  }

  /** Once more, on another connection, if that may help and nothing can have been done. */
  async function sendAgainIfDead(sql: string, parameters: readonly unknown[], writes: boolean): Promise<MysqlResult> {
    try {
      return await send(sql, parameters, writes)
    } catch (error) {
      const isDead = isConnectionLost(error) && !isTimeout(error) && !writes
      if (!isDead && !isDemoted(error)) throw error
      const other = await acquire()
      pool.release(connection)
      connection = other
      return send(sql, parameters, writes)
    }
  }

  return {
    async run(sql, parameters, writes) {
      try {
        if (inTransaction) return await send(sql, parameters, writes)
        return await withRetries(() => sendAgainIfDead(sql, parameters, writes), {
          random,
          isRetryable: (error) =>
            classifyDatabaseError(error, { sent: true, writes }) === 'retry' && performance.now() < deadlineAt,
        })
      } catch (error) {
        // A Galera node that lost the others answers "lock wait timeout" to statements that are new to it, for ever.
        if (!inTransaction && classifyDatabaseError(error, { sent: true, writes }) === 'retry') pool.discard(connection)
        // Inside a transaction a lost connection has rolled everything back: only the COMMIT can be in doubt.
        throw databaseFailure(error, { sent: true, writes: writes && !inTransaction })
      } finally {
        deadlineAt = performance.now() + limits.statementMs
      }
    },
    async transaction(command) {
      inTransaction = command === 'begin'
      try {
        await send(command, [], true)
      } catch (error) {
        // It must not go back to the pool with a transaction open.
        pool.discard(connection)
        // The server rolls back what its client left; and throwing here would hide why Kysely asked for it.
        if (command !== 'rollback') throw databaseFailure(error, { sent: true, writes: command === 'commit' })
      }
    },
    release: () => pool.release(connection),
  }
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'QUERY_TIMEOUT'
}

/** The server's own answer that another has its part: it is read-only now, or a Galera node without the others. */
function isDemoted(error: unknown): boolean {
  return [1290, 1836, 1047].includes((error as { errno: number }).errno)
}

/** The error of a Galera node that loses the others in the middle of a commit; the outcome is unknown. */
function isCommitFailed(error: unknown): boolean {
  return (error as { errno?: unknown }).errno === 1180
}
