import { copyObject, type ObjectStore } from '../../content/index.ts'
import { DuplicateKey, isAppError } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import { BLANK_ROW, createPasteRepository, type PasteRow } from '../rows/index.ts'
import { type BackupDeps, storedIn } from './backup.ts'
import { decodeHeader, decodeRow } from './backup-rows.ts'

/** A restore's progress. */
export type RestoreReport = {
  pastes: number
  tombstones: number
  /** Slugs that already had a row, which stays unchanged. */
  present: number
  /** Pastes that ended since the backup, and outdated tombstones: not restored. */
  over: number
  /** Slugs of pastes whose object the backup lacks: not restored. */
  missing: string[]
}

const AT_ONCE = 8

/**
 * Writes the pastes of a backup to the database and the store, each object before its row. Overwrites nothing, so it can
 * be repeated and the service may run. `lines` are those of the backup's rows, header first. Throws BackupUnreadable,
 * and errors of the database and the stores.
 *
 * @param onProgress called after each row
 */
export async function restorePastes(
  deps: BackupDeps,
  backup: { lines: AsyncIterable<string>; objects: ObjectStore },
  onProgress: (report: RestoreReport) => void,
): Promise<RestoreReport> {
  const report: RestoreReport = { pastes: 0, tombstones: 0, present: 0, over: 0, missing: [] }
  const repository = createPasteRepository(deps.db)
  const lines = backup.lines[Symbol.asyncIterator]()
  const header = await lines.next()
  decodeHeader(header.done ? '' : header.value)
  const one = async (row: PasteRow): Promise<void> => {
    const endsAt = row.state === 'live' ? row.expires_at : row.purge_at
    if (isOver(endsAt, deps.clock.now())) return void report.over++
    if (await repository.find(row.slug)) return void report.present++
    try {
      if (row.object_key !== null) await copyObject(storedIn(row, row.object_key), backup.objects, deps.store)
      await repository.insert({ ...BLANK_ROW, ...row })
      report[row.state === 'live' ? 'pastes' : 'tombstones']++
    } catch (error) {
      if (error instanceof DuplicateKey) report.present++
      else if (isAppError(error, 'blob_missing')) report.missing.push(row.slug)
      else throw error
    }
  }
  const work = async () => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      await one(decodeRow(line.value))
      onProgress(report)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return report
}
