import type { Kysely, RawBuilder } from 'kysely'

const ER_DUP_FIELDNAME = 1060

/** Adds a nullable column; does nothing where it is there. Neither MySQL nor SQLite knows IF NOT EXISTS here. */
export async function addColumn(
  db: Kysely<unknown>,
  table: string,
  column: string,
  type: RawBuilder<unknown>,
): Promise<void> {
  try {
    await db.schema.alterTable(table).addColumn(column, type).execute()
  } catch (error) {
    // A process may die before the step is noted.
    if (!isThere(error)) throw error
  }
}

function isThere(error: unknown): boolean {
  const { errno, message } = error as { errno?: unknown; message?: unknown }
  return errno === ER_DUP_FIELDNAME || `${message}`.startsWith('duplicate column name')
}
