import { AppError } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import type { EndReason, PasteRow } from './tables.ts'

/** How long a replica may be silent during an upload, an edit or a purge before another may take over. */
export const LEASE_MS = 60_000
/** Readers that already opened an object may finish before it is removed. */
export const GRACE_MS = 60_000
/** How long after its first removal an object is removed again; longer than a store or a connection holds a write up. */
export const AGAIN_MS = 600_000
/** Room for keys of objects to be removed; an edit that finds less than four keys of it free is put off. */
export const GARBAGE_BYTES = 4_000
/** How long an ended paste answers 410 and keeps its slug. */
export const TOMBSTONE_MS = 30 * 86_400_000

/** Whether a row is or was a paste: unfinished and abandoned uploads never were. */
export function wasPaste<Row extends Pick<PasteRow, 'state' | 'end_reason'>>(
  row: Row,
): row is Row & { end_reason: Exclude<EndReason, 'abandoned'> | null } {
  return row.state !== 'uploading' && row.end_reason !== 'abandoned'
}

/** Whether a paste can be read at `now`. The sweeper may not have ended an expired one yet. */
export function isLive(row: Pick<PasteRow, 'state' | 'expires_at'>, now: number): boolean {
  return row.state === 'live' && !isOver(row.expires_at, now)
}

/**
 * The row of a live paste. Decides between 404 and 410 for reads, claims, edits and repeated creates. Throws
 * `not_found`, or `expired`, `deleted`, `burned` while the tombstone stands.
 */
export function liveOrThrow(row: PasteRow | undefined, now: number): PasteRow {
  if (row === undefined || !wasPaste(row)) throw notFound()
  if (isLive(row, now)) return row
  // A row that expired and was not swept yet has no reason.
  throw new AppError(row.end_reason ?? 'expired')
}

/** The error for a slug without a paste. */
export function notFound(): AppError {
  return new AppError('not_found', { detail: 'There is no paste at this address.' })
}

/** The columns that decide what happens to a row next. */
export type Life = Pick<
  PasteRow,
  | 'slug'
  | 'state'
  | 'version'
  | 'end_reason'
  | 'expires_at'
  | 'ended_at'
  | 'purge_at'
  | 'object_key'
  | 'pending_key'
  | 'garbage'
>

/** The sweeper's next step for a row that is due. */
export type Step =
  | { type: 'end'; reason: EndReason; garbage: string | null; endedAt: number; purgeAt: number }
  | { type: 'dropPending'; garbage: string; purgeAt: number | null }
  | { type: 'removeObjects'; keys: string[]; again: boolean; then: 'forget' | 'keep'; purgeAt: number | null }
  | { type: 'forget' }
  | { type: 'reschedule'; purgeAt: number | null }

/** What the sweeper does with a row at `now`; pure. Each step leaves a row for which the next one is decided anew. */
export function nextStep(row: Life, now: number): Step {
  if (row.state === 'uploading')
    return {
      type: 'end',
      reason: 'abandoned',
      garbage: joinKeys(row.object_key, row.garbage),
      endedAt: now,
      purgeAt: now,
    }
  if (row.state === 'live' && isOver(row.expires_at, now)) {
    const endedAt = row.expires_at ?? now
    const garbage = joinKeys(row.object_key, row.pending_key, row.garbage)
    return {
      type: 'end',
      reason: 'expired',
      garbage,
      endedAt,
      purgeAt: garbage ? now + GRACE_MS : endedAt + TOMBSTONE_MS,
    }
  }
  if (row.state === 'live' && row.pending_key !== null)
    return {
      type: 'dropPending',
      garbage: joinKeys(row.pending_key, row.garbage) ?? '',
      // An earlier edit's old content may be among it, which somebody still reads.
      purgeAt: livePurgeAt(row.expires_at, now + GRACE_MS),
    }
  if (row.garbage !== null) {
    const then = row.end_reason === 'abandoned' ? 'forget' : 'keep'
    const again = !row.slug.startsWith(LEFTOVER)
    return { type: 'removeObjects', keys: row.garbage.split(','), again, then, purgeAt: restPurgeAt(row, now) }
  }
  const rest = restPurgeAt(row, now)
  if (row.state === 'ended' && (row.end_reason === 'abandoned' || isOver(rest, now))) return { type: 'forget' }
  return { type: 'reschedule', purgeAt: rest }
}

/** When a row with nothing to clean up is due: a live one at its end, an ended one when its tombstone is over. */
function restPurgeAt(row: Life, now: number): number | null {
  return row.state === 'live' ? row.expires_at : (row.ended_at ?? now) + TOMBSTONE_MS
}

/** When a live row is due: at its end, or at the end of an edit's lease, or when there is something to clean up. */
export function livePurgeAt(expiresAt: number | null, alsoAt: number | null): number | null {
  if (expiresAt === null || alsoAt === null) return expiresAt ?? alsoAt
  return Math.min(expiresAt, alsoAt)
}

/** Object keys, comma-joined; null when there is none. */
export function joinKeys(...keys: (string | null)[]): string | null {
  return keys.filter((key) => key !== null && key !== '').join(',') || null
}

/** No slug begins with it, see `isSlug`. */
const LEFTOVER = '~'

/** The slug of the row that has an object removed a second time. */
export function leftoverSlug(key: string): string {
  return `${LEFTOVER}${key}`
}
