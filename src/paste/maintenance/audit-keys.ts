import { isObjectKey } from '../../shortening/index.ts'
import { joinKeys, type PasteRow } from '../rows/index.ts'

/** The columns of a row that name objects, and tell the size of its content's. */
export type KeyColumns = Pick<
  PasteRow,
  | 'slug'
  | 'state'
  | 'object_key'
  | 'pending_key'
  | 'garbage'
  | 'encoding'
  | 'size_bytes'
  | 'stored_bytes'
  | 'line_count'
  | 'frames'
>

/** Every object that a row names: its content, that of an edit under way, those to be removed. */
export function keysOf(row: Pick<PasteRow, 'object_key' | 'pending_key' | 'garbage'>): string[] {
  return joinKeys(row.object_key, row.pending_key, row.garbage)?.split(',') ?? []
}

/** The object of a live row's content; null: the content is in the row, or the row is not live. */
export function neededKey(row: Pick<PasteRow, 'state' | 'object_key'>): string | null {
  return row.state === 'live' ? row.object_key : null
}

/** One finding of the audit; times are epoch ms. */
export type Finding =
  /** A live paste whose object is not in the store; only a backup can restore it. */
  | { type: 'missing'; slug: string; key: string }
  /** A live paste whose stored bytes are not the ones that were stored; only a backup can restore it. */
  | { type: 'damaged'; slug: string; key: string | null; reason: string }
  /** An object that no row names. */
  | { type: 'unknown'; key: string; sizeBytes: number; modifiedAt: number }
  /** An unfinished write in the store, older than any upload under way. */
  | { type: 'unfinished'; key: string; startedAt: number }

/** The audit's counts. */
export type AuditReport = {
  rows: number
  objects: number
  /** Objects and unfinished writes with foreign names: never touched. */
  foreign: number
  /** Objects without a row that are too young to tell: uploads under way have such. */
  young: number
  /** Findings of each type. */
  found: Record<Finding['type'], number>
  /** Findings removed from the store. */
  removed: number
  /** Whether removal was refused because unknown objects outnumber the known ones. */
  refused: boolean
}

/** The report before the audit begins. */
export function emptyReport(): AuditReport {
  const found = { missing: 0, damaged: 0, unknown: 0, unfinished: 0 }
  return { rows: 0, objects: 0, foreign: 0, young: 0, found, removed: 0, refused: false }
}

/** Entries whose key has the service's form, and the number of the others. */
export function ownKeys<Entry extends { key: string }>(entries: readonly Entry[]): { own: Entry[]; foreign: number } {
  const own = entries.filter(({ key }) => isObjectKey(key))
  return { own, foreign: entries.length - own.length }
}

/**
 * Whether unknown objects may be removed. Rows of another database, or of a backup older than the bucket, name few of
 * the objects; removing the rest would destroy pastes.
 */
export function mayRemove(counts: { marked: number; unmarked: number }): boolean {
  return counts.unmarked <= counts.marked
}
