import type { Kysely } from 'kysely'
import type { SchemaWatch } from './schema/index.ts'

/** A database as the composition root sees it; rooms get only its `db`. */
export type Database<Tables> = {
  db: Kysely<Tables>
  /**
   * A handle for migrations, whose statements may take long; makes the database when it is missing and that is
   * permitted. Throws like every statement.
   */
  forMigration(): Promise<{ db: Kysely<Tables>; close(): Promise<void> } & Partial<MigrationSteps>>
  /** Resolves if the database answers and takes writes now; throws an AppError `database_unavailable` otherwise. */
  check(): Promise<void>
  /** Whether each shard answered the last check; absent or empty where there are none. */
  shards?(): Readonly<Record<string, boolean>>
  /** What time it is there, epoch ms; absent where the database is part of this process. */
  now?(): Promise<number>
  /** Keeps statements of `db` back while the schema is not usable; absent where the database was opened without one. */
  schema?: SchemaWatch | undefined
  /** Ends every connection; statements after this fail. */
  close(): Promise<void>
}

/** What a server wants of migrations beside their own statements. */
export type MigrationSteps = {
  /** Throws an Error that names what has to be done first. */
  before(): Promise<void>
  /** Resolves when the server can be used after migrations that changed something. */
  after(): Promise<void>
}
