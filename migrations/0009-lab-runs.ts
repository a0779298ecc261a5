import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** Runs of the load lab, at most some hundred; `summary` is what a list needs of the `body`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, blob, bigint, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('lab_runs')
    .ifNotExists()
    .addColumn('id', key(96), (column) => column.notNull().primaryKey())
    .addColumn('started_at', bigint, (column) => column.notNull())
    .addColumn('summary', blob, (column) => column.notNull())
    .addColumn('body', blob, (column) => column.notNull())
    .modifyEnd(tableOptions)
    .execute()
}
