import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** What a create with an Idempotency-Key makes, so that a repetition gets the same answer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, bigint, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('idempotency_keys')
    .ifNotExists()
    .addColumn('key_hash', key(64), (column) => column.notNull().primaryKey())
    .addColumn('fingerprint', key(64), (column) => column.notNull())
    .addColumn('slug', key(64), (column) => column.notNull())
    .addColumn('salt', key(64), (column) => column.notNull())
    .addColumn('state', key(8), (column) => column.notNull())
    .addColumn('sha256', key(64))
    .addColumn('created_at', bigint, (column) => column.notNull())
    .addColumn('purge_at', bigint, (column) => column.notNull())
    .modifyEnd(tableOptions)
    .execute()
}
