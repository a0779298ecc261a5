import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** What belongs to the database as a whole: its identity, by which a backup knows it again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('service_values')
    .ifNotExists()
    .addColumn('name', key(64), (column) => column.notNull().primaryKey())
    .addColumn('value', key(1024), (column) => column.notNull())
    .modifyEnd(tableOptions)
    .execute()
}
