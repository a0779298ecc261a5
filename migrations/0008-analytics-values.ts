import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** What replicas share for counting: salts of days, keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, bigint, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('analytics_values')
    .ifNotExists()
    .addColumn('name', key(64), (column) => column.notNull().primaryKey())
    .addColumn('value', key(1024), (column) => column.notNull())
    .addColumn('due_at', bigint, (column) => column.notNull())
    .modifyEnd(tableOptions)
    .execute()
}
