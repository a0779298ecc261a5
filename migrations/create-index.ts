import { type Kysely, SqliteAdapter } from 'kysely'

const ER_DUP_KEYNAME = 1061

/** Makes an index, unless it is there: MySQL forgets a DDL statement's place when the process dies right after it. */
export async function createIndex(db: Kysely<unknown>, name: string, table: string, columns: string[]): Promise<void> {
  const index = db.schema.createIndex(name).on(table).columns(columns)
  // MySQL knows no IF NOT EXISTS here.
  if (db.getExecutor().adapter instanceof SqliteAdapter) return index.ifNotExists().execute()
  try {
    await index.execute()
  } catch (error) {
    if ((error as { errno?: unknown }).errno !== ER_DUP_KEYNAME) throw error
  }
}
