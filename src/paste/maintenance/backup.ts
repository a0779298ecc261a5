import type { Kysely } from 'kysely'
import { copyObject, type ObjectStore, type StoredContent } from '../../content/index.ts'
import { type Clock, isAppError } from '../../core/index.ts'
import type { PasteRow, PasteTables } from '../rows/index.ts'
import { toPaste } from '../rows/index.ts'
import { type BackupHead, encodeRow, keptRow } from './backup-rows.ts'
import { rowPages } from './row-pages.ts'

/** What is backed up. */
export type BackupDeps = { db: Kysely<PasteTables>; store: ObjectStore; clock: Clock }

/** Where a backup goes. Objects that are there already are not copied again: keys are never reused. */
export type BackupTarget = {
  objects: ObjectStore
  /** Whether the target had an object of this key before; it is part of this backup from now on. */
  holds(key: string): boolean
  /** Takes the next line of the rows, without its line end. */
  line(text: string): Promise<void>
}

/** What a backup did so far. */
export type BackupReport = {
  pastes: number
  /** Rows of ended pastes: their slugs stay taken, their links go on answering 410. */
  tombstones: number
  copied: { objects: number; bytes: number }
  /** Slugs of pastes whose object the store has lost; they are not in the backup. */
  missing: string[]
}

const PAGE = 100
const AT_ONCE = 4

/**
 * Writes every paste to `target`, while the service runs: its row as it is at one moment, after the object that this
 * row names. Each paste is right by itself; together they are from between the start and the end of the call. What was
 * acknowledged before the start is in it, unless it ended meanwhile. Throws what the database, the store and the
 * target throw.
 *
 * @param onProgress hears of the figures after each 100 rows
 */
export async function backUpPastes(
  deps: BackupDeps,
  target: BackupTarget,
  onProgress: (report: BackupReport) => void,
): Promise<BackupReport> {
  const report: BackupReport = { pastes: 0, tombstones: 0, copied: { objects: 0, bytes: 0 }, missing: [] }
  const head: BackupHead = { format: 'extended-pastebin-backup', version: 1, takenAt: deps.clock.now() }
  await target.line(JSON.stringify(head))
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

/** The row once its object is safe; a newer one when an edit or an end overtook us; undefined when it has gone. */
async function withObject(
  { db, store }: BackupDeps,
  target: BackupTarget,
  listed: PasteRow,
  report: BackupReport,
): Promise<PasteRow | undefined> {
  for (let row: PasteRow | undefined = listed; row !== undefined; ) {
    const key: string | null = row.state === 'live' ? row.object_key : null
    if (key === null || target.holds(key)) return row
    try {
      await copyObject(storedIn(row, key), store, target.objects)
      report.copied.objects++
      report.copied.bytes += row.stored_bytes
      return row
    } catch (error) {
      if (!isAppError(error, 'blob_missing')) throw error
      const { slug }: PasteRow = row
      row = await db.selectFrom('pastes').selectAll().where('slug', '=', slug).executeTakeFirst()
      if (row?.object_key !== key || row.state !== 'live') continue
      report.missing.push(slug)
      return undefined
    }
  }
  return undefined
}

/** What a row says of its object. */
export function storedIn(row: PasteRow, objectKey: string): StoredContent & { objectKey: string } {
  return { ...toPaste(row).content, objectKey }
}
