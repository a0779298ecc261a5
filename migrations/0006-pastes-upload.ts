import { type Kysely, SqliteAdapter } from 'kysely'
import { columnTypes } from './column-types.ts'

const ER_DUP_FIELDNAME = 1060

/** What is there of an upload in parts. Null for every row that the former release makes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const adding = db.schema.alterTable('pastes').addColumn('upload', columnTypes(db).blob)
  if (db.getExecutor().adapter instanceof SqliteAdapter) return adding.execute()
  try {
    await adding.execute()
  } catch (error) {
    // MySQL forgets a DDL statement's place when the process dies right after it, and knows no IF NOT EXISTS here.
    if ((error as { errno?: unknown }).errno !== ER_DUP_FIELDNAME) throw error
  }
}
