import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** How often pastes were viewed: a row for each paste, day and replica. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, bigint, int, blob, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('paste_views')
    .ifNotExists()
    .addColumn('slug', key(64), (column) => column.notNull())
    .addColumn('day', int, (column) => column.notNull())
    .addColumn('replica', key(16), (column) => column.notNull())
    .addColumn('entry', key(16), (column) => column.notNull())
    .addColumn('counters', blob, (column) => column.notNull())
    .addColumn('version', int, (column) => column.notNull())
    .addColumn('purge_at', bigint, (column) => column.notNull())
    .addPrimaryKeyConstraint('paste_views_key', ['slug', 'day', 'replica'])
    .modifyEnd(tableOptions)
    .execute()
}
