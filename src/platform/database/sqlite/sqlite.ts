import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Logger } from '../../../core/index.ts'
import { type DatabaseObserver, observedDialect } from '../../observed/index.ts'
import { databaseFailure } from '../classify.ts'
import type { Database } from '../database.ts'
import { type SchemaOptions, withSchema } from '../schema/index.ts'
import { createSqliteDialect } from './dialect.ts'
import { createSqliteEngine } from './engine.ts'
import { lockDataFolder } from './lock.ts'
import { openSqliteFile, type SqliteFile } from './open.ts'
import { makePrivateFile } from './private-file.ts'
import { createSqliteWriter } from './writer.ts'

/** Where the database file is. */
export type SqliteOptions = {
  /** Path of the database file; its folder exists and belongs to this process alone while the database is open. */
  file: string
  /** Opens the file of a service that runs, without the lock of its folder: for commands that read. */
  besideService?: boolean | undefined
  /** Whether a commit survives a power cut, as it does unless this is false: for data that is of no worth. */
  durable?: boolean | undefined
  logger: Logger
  /** Observes every statement. */
  observer?: DatabaseObserver | undefined
  /** Makes room on a full disk, so that ends and deletes still work. */
  giveUpReserve?: (() => boolean) | undefined
  /** Size of the log at which it moves into the file; default 16 MiB. */
  logBytes?: number | undefined
  /** When given, statements have to wait for the schema of this release. */
  schema?: SchemaOptions | undefined
}

/** The embedded database. */
export type SqliteDatabase<Tables> = Database<Tables> & {
  /** Moves the write-ahead log into the database file and empties it; for idle moments, since writes wait for it. */
  checkpoint(): Promise<void>
  /** Bytes inside the file that rows of before have left, filled before the file grows. */
  reusableBytes(): number
}

const CACHE_KIB = 32_768
const PAGE_BYTES = 4_096

/**
 * Opens (or makes) a SQLite file through `node:sqlite`. Writes outside a transaction are committed in groups, by a thread
 * of their own, see `sqlite-engine.ts`; transactions run one at a time and hold everything else up, so they are for migrations only.
 * Throws {@link DataFolderInUse} when another process has it open, and AppErrors when the file can't be used.
 */
export function createSqlite<Tables>({
  file: path,
  besideService = false,
  durable = true,
  logger,
  observer,
  schema: watched,
  giveUpReserve,
  logBytes,
}: SqliteOptions): SqliteDatabase<Tables> {
  const file = { path, durable, logPages: logBytes && Math.floor(logBytes / PAGE_BYTES) }
  const unlock = besideService ? () => {} : lockDataFolder(dirname(path))
  const database = open(file, unlock)
  const writer = createSqliteWriter(file, giveUpReserve)
  const dialect = createSqliteDialect(createSqliteEngine(database, writer))
  const observed = observer ? observedDialect(dialect, observer) : dialect
  const { db, bare, schema } = withSchema<Tables>(observed, { schema: watched, logger })

  return {
    db,
    schema,
    forMigration: async () => ({ db: bare, close: async () => {} }),
    async check() {
      if (database.isTransaction) return
      await writer.check().catch((error: unknown) => {
        throw databaseFailure(error, { sent: false, writes: false })
      })
    },
    checkpoint: writer.checkpoint,
    reusableBytes: () => pragma(database, 'freelist_count') * pragma(database, 'page_size'),
    async close() {
      await db.destroy()
      await bare.destroy()
      try {
        if (database.isOpen) database.close()
      } catch (error) {
        logger.warn({ err: error }, 'the database file was not closed cleanly')
      }
      unlock()
    },
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0] ?? 0)
}

function open(file: SqliteFile, unlock: () => void): DatabaseSync {
  try {
    makePrivateFile(file.path)
    return openSqliteFile(file, CACHE_KIB)
  } catch (error) {
    unlock()
    throw databaseFailure(error, { sent: false, writes: false })
  }
}
