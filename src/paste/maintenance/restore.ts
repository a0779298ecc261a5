import type { ObjectStore } from '../../content/index.ts'
import { DuplicateKey } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import { BLANK_ROW, createPasteRepository, type PasteRow } from '../rows/index.ts'
import type { BackupDeps } from './backup.ts'
import { decodeHeader, decodeRow } from './backup-rows.ts'
import { burned, putObject, putObjectBack } from './restore-objects.ts'

/** A restore's progress: what became of each row of the backup. */
export type RestoreReport = {
  pastes: number
  tombstones: number
  /** Slugs that already had a row, which stays unchanged. */
  present: number
  /** Of those, live pastes whose object was missing or damaged, and is back. */
  objects: number
  /** Pastes that ended since the backup, and outdated tombstones: not restored. */
  over: number
  /** Pastes that a later backup lists as ended: not restored. */
  removedSince: number
  /** Pastes of limited readings, which may have been read since: restored as tombstones of read ones. */
  limited: number
  /** Slugs of pastes whose object the backup lacks: not restored. */
  missing: string[]
  /** Slugs of pastes whose bytes in the backup are not the ones of their hash: not restored. */
  damaged: string[]
  /** Slugs of present pastes that lack their object, which this backup doesn't have. */
  lost: string[]
}

/** Options of a restore. */
export type RestoreOptions = {
  /** Writes nothing; everything is read and compared as if it did. */
  dryRun: boolean
  /** Reads the objects of rows that are there, and replaces damaged ones. */
  verify: boolean
  /** Restores pastes of limited readings as they were: for a move, where nobody read them since. */
  limited: boolean
  /** Slugs that a later backup lists as ended. */
  removedSince: ReadonlySet<string>
  /** Called after each row. */
  onProgress(report: RestoreReport): void
}

const AT_ONCE = 8

/**
 * Writes the pastes of a backup to the database and the store, each object before its row, and puts missing objects of
 * rows that are there back. Overwrites nothing, so it can be repeated and the service may run. `lines` are those of the
 * backup's rows, header first. Throws BackupUnreadable, and errors of the database and the stores.
 */
export async function restorePastes(
  deps: BackupDeps,
  backup: { lines: AsyncIterable<string>; objects: Pick<ObjectStore, 'read'> },
  options: RestoreOptions,
): Promise<RestoreReport> {
  const counts = { pastes: 0, tombstones: 0, present: 0, objects: 0, over: 0, removedSince: 0, limited: 0 }
  const report: RestoreReport = { ...counts, missing: [], damaged: [], lost: [] }
  const repository = createPasteRepository(deps.db)
  const lines = backup.lines[Symbol.asyncIterator]()
  const header = await lines.next()
  decodeHeader(header.done ? '' : header.value)
  const place = { from: backup.objects, to: deps.store, dryRun: options.dryRun, verify: options.verify }

  async function absent(row: PasteRow): Promise<void> {
    const isLive = row.state === 'live'
    if (isLive && options.removedSince.has(row.slug)) return void report.removedSince++
    const isLimited = isLive && row.max_views !== null && !options.limited
    const wanted = isLimited ? burned(row, deps.clock.now()) : row
    if (wanted.state === 'live') {
      const fault = await putObject(wanted, place)
      if (fault !== undefined) return void report[fault].push(row.slug)
    }
    if (!options.dryRun)
      await repository.insert({
        ...BLANK_ROW,
        ...wanted,
        frame_sums: wanted.frame_sums ?? null,
        removal: wanted.removal ?? null,
      })
    report[isLimited ? 'limited' : isLive ? 'pastes' : 'tombstones']++
  }
  async function one(row: PasteRow): Promise<void> {
    if (isOver(row.state === 'live' ? row.expires_at : row.purge_at, deps.clock.now())) return void report.over++
    const found = await repository.find(row.slug)
    if (found === undefined) {
      await absent(row).catch((error: unknown) => {
        if (!(error instanceof DuplicateKey)) throw error
        report.present++
      })
      return
    }
    report.present++
    const fate = await putObjectBack(found, row, place)
    if (fate === 'put') report.objects++
    else if (fate !== 'there') report[fate].push(row.slug)
  }
  const work = async () => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      await one(decodeRow(line.value))
      options.onProgress(report)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return report
}
