import type { DatabaseSync } from 'node:sqlite'
import type { QueryResult } from 'kysely'
import { createStatementCache } from './statements.ts'
import { errorOf, type SqliteWriter, type Write, type WriteOutcome } from './writer.ts'

/** A connection for reads, and a writer with group commit; all errors are those of `node:sqlite`. */
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
  /** Commits what is queued, refuses what comes later, and ends the writer. */
  finish(): Promise<void>
}

type QueuedWrite = Write & {
  resolve: (result: QueryResult<unknown>) => void
  reject: (error: unknown) => void
}

const PREPARED_STATEMENTS = 200
/** Bounds how long those wait who come while one commit is under way. */
const MOST_WRITES_PER_COMMIT = 256

/**
 * Reads and transactions run here, at once; writes go to the writer, whose thread waits for the disk. While one commit
 * is under way the next gathers: one commit for each write would cap the rate at what the disk can sync.
 */
export function createSqliteEngine(database: DatabaseSync, writer: SqliteWriter): SqliteEngine {
  const statements = createStatementCache(database, PREPARED_STATEMENTS)
  const queue: QueuedWrite[] = []
  let isScheduled = false
  let isFinished = false
  let openTransactions = 0
  let lastTransaction = Promise.resolve()
  let endTransaction = () => {}
  let committing: Promise<void> | undefined

  function schedule(): void {
    if (isScheduled || committing || openTransactions > 0 || queue.length === 0) return
    isScheduled = true
    // At the end of this turn of the loop: what comes with it shares the commit.
    setImmediate(flush)
  }

  function flush(): void {
    isScheduled = false
    if (committing || openTransactions > 0 || queue.length === 0) return
    committing = commitTogether(writer, queue.splice(0, MOST_WRITES_PER_COMMIT)).finally(() => {
      committing = undefined
      flush()
    })
  }

  return {
    async execute(sql, parameters) {
      while (openTransactions > 0) await lastTransaction
      if (isFinished) throw new Error('the database was closed')
      const statement = statements.get(sql)
      if (!statement.writes) return statement.run(parameters)
      return new Promise((resolve, reject) => {
        queue.push({ sql, parameters, resolve, reject })
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
      while (committing) await committing
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
    async finish() {
      isFinished = true
      flush()
      while (committing) await committing
      await writer.close()
    },
  }
}

async function commitTogether(writer: SqliteWriter, writes: QueuedWrite[]): Promise<void> {
  try {
    const outcomes = await writer.commit(writes)
    for (const [index, { resolve, reject }] of writes.entries()) {
      const outcome = outcomes[index] as WriteOutcome
      if ('failure' in outcome) reject(errorOf(outcome.failure))
      else resolve({ rows: [], ...outcome })
    }
  } catch (error) {
    for (const { reject } of writes) reject(error)
  }
}
