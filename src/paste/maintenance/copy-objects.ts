import type { Kysely } from 'kysely'
import type { ObjectStore } from '../../content/index.ts'
import type { PasteRow, PasteTables } from '../rows/index.ts'
import { putObjectBack } from './restore-objects.ts'
import { rowPages } from './row-pages.ts'

/** What a copy from one store to another did so far. */
export type CopyReport = {
  /** Objects that are in the other store now; those that were there already. */
  copied: number
  present: number
  bytes: number
  /** Slugs of pastes whose object is not in the first store, or is damaged there. */
  missing: string[]
  damaged: string[]
}

const PAGE = 100
const AT_ONCE = 4

/**
 * Copies the objects of all live pastes from one store to another, each compared with its hash, while the service runs or
 * not. Objects that are there whole are left alone, so it can be repeated. Throws errors of the database and the stores.
 */
export async function copyObjects(
  db: Kysely<PasteTables>,
  place: { from: Pick<ObjectStore, 'read'>; to: Pick<ObjectStore, 'read' | 'create'> },
  onProgress: (report: CopyReport) => void,
): Promise<CopyReport> {
  const report: CopyReport = { copied: 0, present: 0, bytes: 0, missing: [], damaged: [] }
  const rows = db
    .selectFrom('pastes')
    .selectAll()
    .where('state', '=', 'live')
    .where('object_key', 'is not', null)
    .orderBy('slug')
    .limit(PAGE)
  const one = async (row: PasteRow) => {
    const fate = await putObjectBack(row, row, { ...place, dryRun: false, verify: false })
    if (fate === 'there') report.present++
    else if (fate === 'put') {
      report.copied++
      report.bytes += row.stored_bytes
    } else if (fate !== 'lost' && (await isStill(db, row))) report[fate].push(row.slug)
    onProgress(report)
  }
  for await (const page of rowPages(PAGE, (after) => rows.where('slug', '>', after).execute())) {
    const queue = page.values()
    const work = async () => {
      for (const row of queue) await one(row)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }
  return report
}

/** Whether a paste still has the object of its row: it may have been edited or have ended since. */
async function isStill(db: Kysely<PasteTables>, { slug, object_key }: PasteRow): Promise<boolean> {
  const row = await db.selectFrom('pastes').select(['state', 'object_key']).where('slug', '=', slug).executeTakeFirst()
  return row?.state === 'live' && row.object_key === object_key
}
