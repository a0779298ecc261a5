import type { Kysely } from 'kysely'
import { createIndex } from './create-index.ts'

/** For the sweep: days that can be folded, and what is too old. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createIndex(db, 'paste_views_purge_at', 'paste_views', ['purge_at'])
}
