import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** Keys that let their holders create or read; some hundred at most. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, bigint, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('access_keys')
    .ifNotExists()
    .addColumn('key_hash', key(64), (column) => column.notNull().primaryKey())
    .addColumn('name', key(64), (column) => column.notNull())
    .addColumn('scopes', key(64), (column) => column.notNull())
    .addColumn('created_at', bigint, (column) => column.notNull())
    .addColumn('expires_at', bigint)
    .addColumn('used_at', bigint)
    .modifyEnd(tableOptions)
    .execute()
}
