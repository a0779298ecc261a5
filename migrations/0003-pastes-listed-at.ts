import type { Kysely } from 'kysely'
import { createIndex } from './create-index.ts'

/** For the list of recent public pastes and its cursor. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createIndex(db, 'pastes_listed_at', 'pastes', ['listed_at', 'slug'])
}
