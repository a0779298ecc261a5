import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** Contents that an operator has removed and denied, by their SHA-256. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, bigint, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('denied_content')
    .ifNotExists()
    .addColumn('sha256', key(64), (column) => column.notNull().primaryKey())
    .addColumn('reason', key(32), (column) => column.notNull())
    .addColumn('created_at', bigint, (column) => column.notNull())
    .modifyEnd(tableOptions)
    .execute()
}
