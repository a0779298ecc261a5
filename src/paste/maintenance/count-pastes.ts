import type { Kysely } from 'kysely'
import { isLive, type PasteTables } from '../rows/index.ts'
import { rowPages } from './row-pages.ts'

/** The number of live pastes and short links, and their sizes. */
export type PasteCensus = { live: number; contentBytes: number; storedBytes: number }

/** Rows in a page; one takes a millisecond or two, during which an embedded database is blocked. */
const PAGE = 500

/**
 * Counts the pastes that are live at `now`: reads all rows, page by page, with `pause` after each. Throws errors of the
 * database.
 */
export async function countPastes(
  db: Kysely<PasteTables>,
  { now, pause }: { now: number; pause(): Promise<void> },
): Promise<PasteCensus> {
  const census = { live: 0, contentBytes: 0, storedBytes: 0 }
  const read = (after: string) =>
    db
      .selectFrom('pastes')
      .select(['slug', 'state', 'expires_at', 'size_bytes', 'stored_bytes'])
      .where('slug', '>', after)
      .orderBy('slug')
      .limit(PAGE)
      .execute()
  for await (const rows of rowPages(PAGE, read)) {
    for (const row of rows) {
      if (!isLive(row, now)) continue
      census.live++
      census.contentBytes += row.size_bytes
      census.storedBytes += row.stored_bytes
    }
    if (rows.length === PAGE) await pause()
  }
  return census
}
