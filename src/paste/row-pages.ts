import type { Kysely } from 'kysely'
import type { PasteRow, PasteTables } from './tables.ts'

/** All rows by slug, `pageSize` at a time; each is seen once, as it is at that moment. */
export async function* rowPages(db: Kysely<PasteTables>, pageSize: number): AsyncGenerator<PasteRow[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('pastes')
      .selectAll()
      .where('slug', '>', after)
      .orderBy('slug')
      .limit(pageSize)
      .execute()
    yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = last.slug
  }
}
