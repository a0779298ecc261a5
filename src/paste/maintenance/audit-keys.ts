import { isObjectKey } from '../../shortening/index.ts'
import type { PasteRow } from '../rows/index.ts'
import { joinKeys } from '../rows/index.ts'

/** The columns of a row that name objects. */
export type KeyColumns = Pick<PasteRow, 'slug' | 'state' | 'object_key' | 'pending_key' | 'garbage'>

/** Every object that a row knows: its content, what an edit is writing, what the sweeper is to remove. */
export function keysOf(row: KeyColumns): string[] {
  return joinKeys(row.object_key, row.pending_key, row.garbage)?.split(',') ?? []
}

/** The object without which a row's paste can't be read; null where there is none, or the paste is not live. */
export function neededKey(row: Pick<PasteRow, 'state' | 'object_key'>): string | null {
  return row.state === 'live' ? row.object_key : null
}

/** What the comparison found; times are epoch ms. */
export type Finding =
  /** A live paste whose object is not in the store: only a backup can bring it back. */
  | { type: 'missing'; slug: string; key: string }
  /** An object that no row knows. */
  | { type: 'unknown'; key: string; sizeBytes: number; modifiedAt: number }
  /** What is left of an upload that nobody will finish. */
  | { type: 'unfinished'; key: string; startedAt: number }

/** What a comparison counted. */
export type AuditReport = {
  rows: number
  objects: number
  /** Objects and uploads whose name is none of ours: never touched. */
  foreign: number
  /** How many findings there are of each type. */
  found: Record<Finding['type'], number>
  /** How many of the findings were removed from the store. */
  removed: number
  /** Whether removing was refused because more objects are unknown than known. */
  refused: boolean
}

/** The report of a comparison that has not begun. */
export function emptyReport(): AuditReport {
  const found = { missing: 0, unknown: 0, unfinished: 0 }
  return { rows: 0, objects: 0, foreign: 0, found, removed: 0, refused: false }
}

/** Splits what a store lists into ours, by the form of the key, and how many others there are. */
export function ownKeys<Entry extends { key: string }>(entries: readonly Entry[]): { own: Entry[]; foreign: number } {
  const own = entries.filter(({ key }) => isObjectKey(key))
  return { own, foreign: entries.length - own.length }
}

/**
 * Whether unknown objects may be removed. Rows of another database, or of a backup that is older than the bucket, know
 * few of the objects: to remove the rest would destroy pastes.
 */
export function mayRemove(counts: { marked: number; unmarked: number }): boolean {
  return counts.unmarked <= counts.marked
}
