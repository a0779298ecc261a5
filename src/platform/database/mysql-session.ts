import type { PoolConnection, TypedParameter } from 'mysql2'
import { classifyDatabaseError, databaseFailure, isConnectionLost } from './classify.ts'
import type { MysqlLimits } from './mysql-options.ts'
import { destroyConnection, type MysqlPool } from './mysql-pool.ts'
import { ask, type MysqlResult } from './mysql-query.ts'
import { withRetries } from './retry.ts'

/** The use of one pooled connection for a time; errors are those of `databaseFailure`. */
export type MysqlSession = {
  /**
   * Runs one statement within the deadline. Outside a transaction, one that lost a lock is tried again up to three
   * times, and a read whose connection turns out to be dead once, on another connection.
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

  async function send(sql: string, parameters: readonly unknown[]): Promise<MysqlResult> {
    try {
      return await ask(connection, sql, parameters.map(toWire), deadlineAt - performance.now())
    } catch (error) {
      // A server that turned read-only was demoted: a new connection may reach the one that took over.
      if (isConnectionLost(error) || isDemoted(error)) destroyConnection(connection)
      throw error
    }
  }

  async function sendAgainIfDead(sql: string, parameters: readonly unknown[]): Promise<MysqlResult> {
    try {
      return await send(sql, parameters)
    } catch (error) {
      if (!isConnectionLost(error) || isTimeout(error)) throw error
      const other = await acquire()
      pool.release(connection)
      connection = other
      return send(sql, parameters)
    }
  }

  /** mysql2 sends numbers as DOUBLE, which MySQL refuses in LIMIT and compares inexactly. */
  function toWire(value: unknown): unknown {
    return Number.isSafeInteger(value) ? typed.BIGINT(value as number) : value
  }

  return {
    async run(sql, parameters, writes) {
      try {
        if (inTransaction) return await send(sql, parameters)
        return await withRetries(() => (writes ? send : sendAgainIfDead)(sql, parameters), {
          random,
          isRetryable: (error) =>
            classifyDatabaseError(error, { sent: true, writes }) === 'retry' && performance.now() < deadlineAt,
        })
      } catch (error) {
        // Inside a transaction a lost connection has rolled everything back: only the COMMIT can be in doubt.
        throw databaseFailure(error, { sent: true, writes: writes && !inTransaction })
      } finally {
        deadlineAt = performance.now() + limits.statementMs
      }
    },
    async transaction(command) {
      inTransaction = command === 'begin'
      try {
        await send(command, [])
      } catch (error) {
        // It must not go back to the pool with a transaction open.
        destroyConnection(connection)
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

function isDemoted(error: unknown): boolean {
  const { errno } = error as { errno?: unknown }
  return errno === 1290 || errno === 1836
}
