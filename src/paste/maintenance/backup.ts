import type { Kysely } from 'kysely'
import { copyObject, type ObjectStore, objectBytes, readVerified } from '../../content/index.ts'
import { type Clock, DamagedContent, isAppError } from '../../core/index.ts'
import { type PasteRow, type PasteTables, toPaste } from '../rows/index.ts'
import { type BackupHeader, encodeRow, keptRow } from './backup-rows.ts'
import { rowPages } from './row-pages.ts'
import { storedIn } from './stored-in.ts'

/** Dependencies of backup and restore. */
export type BackupDeps = { db: Kysely<PasteTables>; store: ObjectStore; clock: Clock }

/** The target of a backup. Copies no object that it has already, because keys are never reused. */
export type BackupTarget = {
  objects: Pick<ObjectStore, 'create'>
  /** Whether the target has an object of this key and size, which then belongs to this backup too. */
  holds(key: string, sizeBytes: number): boolean
  /** Writes the next line of the rows, given without line end. */
  line(text: string): Promise<void>
}

/** A backup's progress. */
export type BackupReport = {
  pastes: number
  /** Rows of ended pastes: their slugs stay taken and answer 410. */
  tombstones: number
  copied: { objects: number; bytes: number }
  /** Slugs of pastes whose object is missing from the store; not in the backup. */
  missing: string[]
  /** Slugs of pastes whose bytes are not the ones that were stored; not in the backup. */
  damaged: string[]
}

const PAGE = 100
const AT_ONCE = 4

/**
 * Writes every paste to `target` while the service runs: first its object, then the row that names it. Each paste is
 * consistent; different pastes may be of different moments during the call. Contains every paste acknowledged before
 * the start that didn't end meanwhile. Throws errors of the database, the store and the target.
 *
 * @param onProgress called after each 100 rows
 */
export async function backUpPastes(
  deps: BackupDeps,
  target: BackupTarget,
  onProgress: (report: BackupReport) => void,
): Promise<BackupReport> {
  const report: BackupReport = { pastes: 0, tombstones: 0, copied: { objects: 0, bytes: 0 }, missing: [], damaged: [] }
  const header: BackupHeader = { format: 'extended-pastebin-backup', version: 1, takenAt: deps.clock.now() }
  await target.line(JSON.stringify(header))
  const rows = deps.db.selectFrom('pastes').selectAll().orderBy('slug').limit(PAGE)
  for await (const page of rowPages(PAGE, (after) => rows.where('slug', '>', after).execute())) {
    const safe: (PasteRow | undefined)[] = []
    const queue = page.entries()
    const work = async () => {
      for (const [index, row] of queue) safe[index] = await withObject(deps, target, row, report)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    for (const row of safe) {
      const kept = row && keptRow(row)
      if (!kept) continue
      report[kept.state === 'live' ? 'pastes' : 'tombstones']++
      await target.line(encodeRow(kept))
    }
    onProgress(report)
  }
  return report
}

/** The row once its object is copied; a newer row after a concurrent edit or end; undefined if it no longer exists. */
async function withObject(
  { db, store }: BackupDeps,
  target: BackupTarget,
  listed: PasteRow,
  report: BackupReport,
): Promise<PasteRow | undefined> {
  for (let row: PasteRow | undefined = listed; row !== undefined; ) {
    const key: string | null = row.state === 'live' ? row.object_key : null
    try {
      if (key === null) return row.state === 'live' ? await verified(row) : row
      const stored = storedIn(row, key)
      if (target.holds(key, objectBytes(stored))) return row
      await copyObject(stored, store, target.objects)
      report.copied.objects++
      report.copied.bytes += row.stored_bytes
      return row
    } catch (error) {
      const isDamaged = error instanceof DamagedContent
      if (!isDamaged && !isAppError(error, 'blob_missing')) throw error
      const { slug }: PasteRow = row
      row = await db.selectFrom('pastes').selectAll().where('slug', '=', slug).executeTakeFirst()
      if (row?.object_key !== key || row.state !== 'live') continue
      report[isDamaged ? 'damaged' : 'missing'].push(slug)
      return undefined
    }
  }
  return undefined
}

/** A row with its content, compared with its hash. */
async function verified(row: PasteRow): Promise<PasteRow> {
  const nowhere = { read: () => Promise.reject(new DamagedContent('Its row has neither a body nor an object.')) }
  for await (const _ of readVerified(toPaste(row).content, nowhere));
  return row
}
