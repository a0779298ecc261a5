import type { DatabaseSync } from 'node:sqlite'
import type { QueryResult } from 'kysely'
import { createStatementCache, type PreparedStatement } from './sqlite-statements.ts'

/** One SQLite connection with group commit; all errors are those of `node:sqlite`. */
export type SqliteEngine = {
  /**
   * A statement of its own: a read runs at once, a write is durable when the promise resolves. Parameters must not be
   * changed until then. Both wait while a transaction is open.
   */
  execute(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>>
  /** A statement of the open transaction. */
  executeInTransaction(sql: string, parameters: readonly unknown[]): QueryResult<unknown>
  /** Opens a transaction as soon as no other is open. */
  begin(): Promise<void>
  /** Ends the open transaction. */
  end(how: 'commit' | 'rollback'): void
  /** Commits what is queued and refuses what comes later. */
  finish(): void
}

type QueuedWrite = {
  statement: PreparedStatement
  parameters: readonly unknown[]
  resolve: (result: QueryResult<unknown>) => void
  reject: (error: unknown) => void
}

const PREPARED_STATEMENTS = 200
/** Bounds how long one commit holds up the event loop: 256 writes of 4 KiB take about 6 ms. */
const MOST_WRITES_PER_COMMIT = 256

/**
 * Gathers the writes of one turn of the event loop into one transaction: a commit waits for the disk, so one commit
 * for each write would cap the rate at what the disk can sync. SQLite is synchronous, so a group runs without a break:
 * nobody sees half of it, and no lock is needed.
 */
export function createSqliteEngine(database: DatabaseSync): SqliteEngine {
  const statements = createStatementCache(database, PREPARED_STATEMENTS)
  const queue: QueuedWrite[] = []
  let isScheduled = false
  let isFinished = false
  let openTransactions = 0
  let lastTransaction = Promise.resolve()
  let endTransaction = () => {}

  function schedule(): void {
    if (isScheduled || openTransactions > 0 || queue.length === 0) return
    isScheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    isScheduled = false
    if (openTransactions > 0 || queue.length === 0) return
    commitTogether(database, queue.splice(0, MOST_WRITES_PER_COMMIT))
    schedule()
  }

  return {
    async execute(sql, parameters) {
      while (openTransactions > 0) await lastTransaction
      if (isFinished) throw new Error('the database was closed')
      const statement = statements.get(sql)
      if (!statement.writes) return statement.run(parameters)
      return new Promise((resolve, reject) => {
        queue.push({ statement, parameters, resolve, reject })
        schedule()
      })
    },
    executeInTransaction: (sql, parameters) => statements.get(sql).run(parameters),
    async begin() {
      const previous = lastTransaction
      const { promise, resolve } = Promise.withResolvers<void>()
      lastTransaction = promise
      openTransactions++
      await previous
      endTransaction = () => {
        endTransaction = () => {}
        openTransactions--
        statements.clear()
        resolve()
        schedule()
      }
      try {
        database.exec('begin immediate')
      } catch (error) {
        endTransaction()
        throw error
      }
    },
    end(how) {
      try {
        // Some errors, such as a full disk, have rolled it back already.
        if (database.isTransaction || how === 'commit') database.exec(how)
      } finally {
        // A COMMIT that failed keeps the transaction open, for Kysely to roll back.
        if (!database.isTransaction) endTransaction()
      }
    },
    finish() {
      isFinished = true
      while (queue.length > 0) commitTogether(database, queue.splice(0, MOST_WRITES_PER_COMMIT))
    },
  }
}

/** Runs the writes in one transaction: one that fails fails alone, a commit that fails fails them all. */
function commitTogether(database: DatabaseSync, writes: QueuedWrite[]): void {
  const settle: (() => void)[] = []
  try {
    database.exec('begin immediate')
    for (const { statement, parameters, resolve, reject } of writes) {
      try {
        const result = statement.run(parameters)
        settle.push(() => resolve(result))
      } catch (error) {
        // After an error such as a full disk SQLite has rolled the whole group back.
        if (!database.isTransaction) throw error
        settle.push(() => reject(error))
      }
    }
    database.exec('commit')
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    for (const { reject } of writes) reject(error)
    return
  }
  for (const tell of settle) tell()
}
