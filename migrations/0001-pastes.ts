import type { Kysely } from 'kysely'
import { columnTypes } from './column-types.ts'

/** One row per slug, from the first byte of its upload to the end of its tombstone. Rows are never moved. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { key, text, blob, bigint, int, flag, tableOptions } = columnTypes(db)
  await db.schema
    .createTable('pastes')
    .ifNotExists()
    .addColumn('slug', key(64), (column) => column.notNull().primaryKey())
    .addColumn('kind', key(8), (column) => column.notNull())
    .addColumn('state', key(12), (column) => column.notNull())
    .addColumn('end_reason', key(12))
    .addColumn('version', int, (column) => column.notNull())
    .addColumn('created_at', bigint, (column) => column.notNull())
    .addColumn('updated_at', bigint, (column) => column.notNull())
    .addColumn('expires_at', bigint)
    .addColumn('ended_at', bigint)
    // When the sweeper must look at the row next.
    .addColumn('purge_at', bigint)
    // Its place in the public list; set for live public pastes only, so that the index holds nothing else of use.
    .addColumn('listed_at', bigint)
    .addColumn('visibility', key(8), (column) => column.notNull())
    .addColumn('title', text(800))
    .addColumn('language', key(32))
    .addColumn('file_name', text(255))
    .addColumn('edit_token_hash', key(64), (column) => column.notNull())
    // Both unused: `max_views` says the second. They stay, because replicas of the version before still write them. The
    // second is not null, so an insert gives 0; a later migration drops both.
    .addColumn('password_hash', key(255))
    .addColumn('burn_after_reading', flag, (column) => column.notNull())
    .addColumn('max_views', int)
    .addColumn('views', int, (column) => column.notNull())
    .addColumn('claim_id', key(32))
    .addColumn('claimed_at', bigint)
    .addColumn('encoding', key(8))
    .addColumn('size_bytes', bigint)
    .addColumn('stored_bytes', bigint)
    .addColumn('sha256', key(64))
    .addColumn('line_count', bigint)
    .addColumn('utf8', flag)
    .addColumn('media_type', key(100))
    .addColumn('frames', blob)
    .addColumn('body', blob)
    .addColumn('object_key', key(32))
    .addColumn('pending_key', key(32))
    // Object keys that are to be removed from the store, comma-separated: some 140, see GARBAGE_BYTES in life.ts.
    .addColumn('garbage', key(4000))
    .modifyEnd(tableOptions)
    .execute()
}
