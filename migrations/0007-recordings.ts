import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/**
 * How the service performed: one row for each replica and minute, and one for all replicas and each longer period. By
 * the primary key come the ranges that are read, and what is too old.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, blob, bigint, int, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('recordings')
    .ifNotExists()
    .addColumn('period_ms', int, (column) => column.notNull())
    .addColumn('started_at', bigint, (column) => column.notNull())
    // Empty where all replicas are in it.
    .addColumn('replica', key(64), (column) => column.notNull())
    // Rows of a replica and minute that are in it: a row gives way to one that knows more.
    .addColumn('sources', int, (column) => column.notNull())
    .addColumn('body', blob, (column) => column.notNull())
    .addPrimaryKeyConstraint('recordings_primary', ['period_ms', 'started_at', 'replica'])
    .modifyEnd(tableOptions)
    .execute()
}
