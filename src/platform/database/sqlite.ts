import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { Logger } from '../../core/index.ts'
import { type DatabaseObserver, observedDialect } from '../observed/index.ts'
import { databaseFailure } from './classify.ts'
import type { Database } from './database.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'
import { createSqliteEngine } from './sqlite-engine.ts'
import { lockDataFolder } from './sqlite-lock.ts'

/** Where the database file is. */
export type SqliteOptions = {
  /** Path of the database file; its folder exists and belongs to this process alone while the database is open. */
  file: string
  logger: Logger
  /** Observes every statement. */
  observer?: DatabaseObserver | undefined
}

/** The embedded database. */
export type SqliteDatabase<Tables> = Database<Tables> & {
  /** Moves the write-ahead log into the database file and empties it; for idle moments, since the loop waits for it. */
  checkpoint(): void
}

/**
 * WAL so that readers and the writer don't wait for each other, FULL so that a commit survives a power cut. The log
 * moves into the file every 16 MiB instead of every 4: fewer, longer pauses, and `checkpoint()` takes them when idle.
 */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma wal_autocheckpoint = 4096;
  pragma journal_size_limit = 67108864;
  pragma temp_store = memory;
  pragma mmap_size = 0;
  pragma cache_size = -32768;
`

/**
 * Opens (or makes) a SQLite file through `node:sqlite`. Statements outside a transaction are committed in groups, see
 * `sqlite-engine.ts`; transactions run one at a time and hold everything else up, so they are for migrations only.
 * Throws {@link DataFolderInUse} when another process has it open, and AppErrors when the file can't be used.
 */
export function createSqlite<Tables>({ file, logger, observer }: SqliteOptions): SqliteDatabase<Tables> {
  const unlock = lockDataFolder(dirname(file))
  const database = open(file, unlock)
  const dialect = createSqliteDialect(createSqliteEngine(database))
  const db = new Kysely<Tables>({ dialect: observer ? observedDialect(dialect, observer) : dialect })

  return {
    db,
    forMigration: async () => ({ db, close: async () => {} }),
    async check() {
      if (database.isTransaction) return
      try {
        database.exec('begin immediate; rollback')
      } catch (error) {
        throw databaseFailure(error, { sent: false, writes: false })
      }
    },
    checkpoint() {
      if (!database.isTransaction) database.exec('pragma wal_checkpoint(truncate)')
    },
    async close() {
      await db.destroy()
      try {
        if (database.isOpen) database.close()
      } catch (error) {
        logger.warn({ err: error }, 'the database file was not closed cleanly')
      }
      unlock()
    },
  }
}

function open(file: string, unlock: () => void): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: false })
    database.exec(PRAGMAS)
    return database
  } catch (error) {
    unlock()
    throw databaseFailure(error, { sent: false, writes: false })
  }
}
