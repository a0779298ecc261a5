// The thread that writes to the embedded database: a commit waits for the disk, and the event loop must not.
import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { openSqliteFile, type SqliteFile } from './open.ts'
import { createStatementCache } from './statements.ts'
import type { Failure, Write, WriteOutcome, WriterReply, WriterRequest } from './writer.ts'

const PREPARED_STATEMENTS = 200
const CACHE_KIB = 8_192

const database = openSqliteFile(workerData as SqliteFile, CACHE_KIB)
const statements = createStatementCache(database, PREPARED_STATEMENTS)

parentPort?.on('message', (request: WriterRequest) => {
  parentPort?.postMessage(answer(request))
  if (request === 'close') parentPort?.close()
})

function answer(request: WriterRequest): WriterReply {
  try {
    if (typeof request === 'object') return { outcomes: commitTogether(database, request.writes) }
    if (request === 'check') database.exec('begin immediate; rollback')
    else if (request === 'checkpoint') database.exec('pragma wal_checkpoint(truncate)')
    else database.close()
    return {}
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

/** Runs the writes in one transaction: one that fails fails alone, a commit that fails fails them all, by throwing. */
function commitTogether(connection: DatabaseSync, writes: readonly Write[]): WriteOutcome[] {
  try {
    connection.exec('begin immediate')
    const outcomes = writes.map(({ sql, parameters }): WriteOutcome => {
      try {
        const { numAffectedRows = 0n, insertId = 0n } = statements.get(sql).run(parameters)
        return { numAffectedRows, insertId }
      } catch (error) {
        // After an error such as a full disk SQLite has rolled the whole group back.
        if (!connection.isTransaction) throw error
        return { failure: failureOf(error) }
      }
    })
    connection.exec('commit')
    return outcomes
  } catch (error) {
    if (connection.isTransaction) connection.exec('rollback')
    throw error
  }
}

/** The fields of an error for another thread: a structured clone of the error would lack its codes. */
function failureOf(error: unknown): Failure {
  const { message, code, errcode } = error as Partial<Failure>
  return { message: message ?? String(error), code, errcode }
}
