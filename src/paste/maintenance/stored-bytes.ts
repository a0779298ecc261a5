import type { Kysely } from 'kysely'
import type { PasteTables } from '../rows/index.ts'

/** Stored bytes of all pastes: one walk over the table. Ended ones have none. */
export async function countStoredBytes(db: Kysely<PasteTables>): Promise<number> {
  const found = await db
    .selectFrom('pastes')
    .select(({ fn }) => fn.sum<number | string | null>('stored_bytes').as('bytes'))
    .where('state', '=', 'live')
    .executeTakeFirst()
  return Number(found?.bytes ?? 0)
}
