import type { Kysely } from 'kysely'
import type { SchemaWatch } from './schema-watch.ts'

/** A database as the composition root sees it; rooms get only its `db`. */
export type Database<Tables> = {
  db: Kysely<Tables>
  /**
   * A handle for migrations, whose statements may take long; makes the database when it is missing and that is
   * permitted. Throws like every statement.
   */
  forMigration(): Promise<{ db: Kysely<Tables>; close(): Promise<void> }>
  /** Resolves if the database answers and takes writes now; throws an AppError `database_unavailable` otherwise. */
  check(): Promise<void>
  /** What time it is there, epoch ms; absent where the database is part of this process. */
  now?(): Promise<number>
  /** Keeps statements of `db` back while the schema is not usable; absent where the database was opened without one. */
  schema?: SchemaWatch | undefined
  /** Ends every connection; statements after this fail. */
  close(): Promise<void>
}
