import { type Dialect, Kysely } from 'kysely'
import { migrations } from '../../../../migrations/index.ts'
import type { Logger } from '../../../core/index.ts'
import { appliedMigrations } from './applied.ts'
import { gatedDialect } from './gated-dialect.ts'
import { createSchemaWatch, type SchemaWatch } from './watch.ts'

/** How the schema of a database is watched. */
export type SchemaOptions = {
  /** How it is brought up to date here, for the log: what the operator runs. */
  remedy: string
}

/** A database as its users see it, `db`, and as migrations, checks and the watch do, `bare`. */
export type WatchedKysely<Tables> = { db: Kysely<Tables>; bare: Kysely<Tables>; schema: SchemaWatch | undefined }

/** Opens the database behind a dialect; with `schema`, `db` runs statements only while the schema is usable. */
export function withSchema<Tables>(
  dialect: Dialect,
  { schema: options, logger }: { schema?: SchemaOptions | undefined; logger: Logger },
): WatchedKysely<Tables> {
  const bare = new Kysely<Tables>({ dialect })
  if (options === undefined) return { db: bare, bare, schema: undefined }
  const schema = createSchemaWatch({
    applied: () => appliedMigrations(bare),
    known: Object.keys(migrations),
    remedy: options.remedy,
    logger,
    now: () => performance.now(),
  })
  return { db: new Kysely<Tables>({ dialect: gatedDialect(dialect, schema) }), bare, schema }
}
