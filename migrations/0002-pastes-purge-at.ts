import type { Kysely } from 'kysely'
import { createIndex } from './create-index.ts'

/** For the sweep: what is due. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createIndex(db, 'pastes_purge_at', 'pastes', ['purge_at'])
}
