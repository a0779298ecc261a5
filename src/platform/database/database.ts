import type { Kysely } from 'kysely'

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
  /** Ends every connection; statements after this fail. */
  close(): Promise<void>
}
