import { DuplicateKey } from '../../core/index.ts'
import {
  addDays,
  decodeHistory,
  dropOldDays,
  emptyHistory,
  encodeHistory,
  isHistory,
  mergeRows,
  rowName,
} from './history.ts'
import type { ViewKey, ViewRows } from './rows.ts'
import { DAY_MS, dayOf, HISTORY, KEPT_DAYS, type PasteViewsRow } from './tables.ts'

/** The sweeper's interface (see the expiry room), for rows of views. */
export type FoldableViews = {
  readonly name: string
  listDue(now: number, limit: number): Promise<ViewKey[]>
  purge(row: ViewKey, now: number): Promise<boolean>
}

/** Folding may begin: no replica has written the row for a day. */
const FOLDABLE_AFTER_DAYS = 3

/**
 * Folds the rows of days that are over for two days, one of each replica, into the one row of a slug's history, and
 * removes that when its last day is too old. Any number of replicas may do it at once: the history lists the rows in
 * it, and one conditional statement changes it, so each row counts once, wherever a process dies.
 */
export function foldableViews(rows: ViewRows): FoldableViews {
  async function removeAll(folded: readonly ViewKey[]): Promise<void> {
    for (const row of folded) await rows.remove(row)
  }

  async function write(stored: PasteViewsRow | undefined, row: PasteViewsRow): Promise<boolean> {
    if (stored) return rows.changeHistory(row.slug, stored.version, row)
    try {
      await rows.insert(row)
      return true
    } catch (error) {
      if (error instanceof DuplicateKey) return false
      throw error
    }
  }

  return {
    name: 'paste views',
    listDue: rows.listDue,
    async purge({ slug }, now) {
      const found = await rows.all(slug)
      const stored = found.find(isHistory)
      const history = stored ? decodeHistory(stored.counters) : emptyHistory()
      const today = dayOf(now)
      const due = found.filter((row) => !isHistory(row) && row.day + FOLDABLE_AFTER_DAYS <= today)
      const fresh = due.filter((row) => !history.folded.has(rowName(row)))
      addDays(history, mergeRows(fresh))
      dropOldDays(history, today)
      const last = Math.max(...history.days.keys())
      if (history.days.size === 0) {
        await removeAll(stored ? [...due, stored] : due)
        return true
      }
      // The history lists only folded rows that still exist.
      history.folded = new Set(due.map(rowName))
      const purgeAt = (last + KEPT_DAYS + 1) * DAY_MS
      const isDue = fresh.length > 0 || (stored !== undefined && stored.purge_at <= now)
      const counters = encodeHistory(history)
      const row = { slug, ...HISTORY, entry: '', counters, version: 1, purge_at: purgeAt }
      if (isDue && !(await write(stored, row))) return false
      await removeAll(due)
      return due.length > 0
    },
  }
}
