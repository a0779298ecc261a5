import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

const ER_DUP_FIELDNAME = 1060

/** Checksums of the frames of a paste's object. Null for every row that the former release makes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  try {
    await db.schema.alterTable('pastes').addColumn('frame_sums', columnTypes(db).blob).execute()
  } catch (error) {
    // A process may die before the step is noted, and neither MySQL nor SQLite knows IF NOT EXISTS here.
    if (!isThere(error)) throw error
  }
}

function isThere(error: unknown): boolean {
  const { errno, message } = error as { errno?: unknown; message?: unknown }
  return errno === ER_DUP_FIELDNAME || `${message}`.startsWith('duplicate column name')
}
