import type { Kysely } from 'kysely'
import { createIndex } from './create-index.ts'

/** For the sweep: what may be forgotten. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createIndex(db, 'idempotency_keys_purge_at', 'idempotency_keys', ['purge_at'])
}
