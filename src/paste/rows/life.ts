import { AppError, type Clock, type ClockDoubt } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import type { RemovalReason } from '../model/index.ts'
import type { EndReason, PasteRow } from './tables.ts'

/** How long an upload, an edit or a purge keeps its claim on a row between two renewals. */
export const LEASE_MS = 60_000
/** Delay before an object is removed, in which readers that have opened it can finish. */
export const GRACE_MS = 60_000
/** Delay of an object's second removal; longer than a store or a connection can hold up a write. */
export const SECOND_DELETE_DELAY_MS = 600_000
/** Size of the `garbage` column; edits that find less than four keys free in it are refused. */
export const GARBAGE_BYTES = 4_000
/** How long an ended paste answers 410 and keeps its slug. */
export const TOMBSTONE_MS = 30 * 86_400_000

/** Whether tombstones of pastes that ended right after `since` may be gone at `now`. */
export function isBeyondTombstones(since: number, now: number): boolean {
  return now - since > TOMBSTONE_MS
}

/** How long the last reader may wait for the first bytes of an object; until then the reading may be given back. */
export const CLAIM_MS = 10_000

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
 * `not_found`, or `expired`, `deleted`, `removed`, `burned` while the tombstone stands; `claim_in_progress` while the last reading
 * may still be given back; `clock_uncertain` where it depends on which of two clocks is right.
 */
export function liveOrThrow(row: PasteRow | undefined, clock: Clock): PasteRow {
  if (row === undefined || !wasPaste(row)) throw notFound()
  if (row.state === 'live' && row.expires_at !== null) {
    const doubt = clock.doubt?.()
    if (doubt && !isOver(row.expires_at, doubt.earliest) && isOver(row.expires_at, doubt.latest))
      throw clockUncertain(doubt)
  }
  const now = clock.now()
  if (isLive(row, now)) return row
  if (mayBeGivenBack(row, now)) throw claimInProgress()
  if (row.removal !== null) throw removed(row.removal)
  // A row that expired and was not swept yet has no reason.
  throw new AppError(row.end_reason ?? 'expired')
}

/** Whether the last reading waits for bytes of an object. Content in the row is sent at once. */
function mayBeGivenBack({ end_reason, claim_id, claimed_at, garbage }: PasteRow, now: number): boolean {
  if (end_reason !== 'burned' || claim_id === null || garbage === null) return false
  return now < (claimed_at ?? 0) + CLAIM_MS
}

function claimInProgress(): AppError {
  return new AppError('claim_in_progress', {
    detail: 'Another reader has the last reading. If it can not be sent, it is given back: ask again in a second.',
    headers: { 'retry-after': '1' },
  })
}

function removed(reason: RemovalReason): AppError {
  const why = reason === 'other' ? '' : ` Reason: ${reason}.`
  return new AppError('removed', {
    detail: `The operator of this service removed this paste.${why}`,
    members: { reason },
  })
}

/** Throws `clock_uncertain` while no time can be given to what begins now. */
export function checkClock(clock: Clock): void {
  const doubt = clock.doubt?.()
  if (doubt) throw clockUncertain(doubt)
}

function clockUncertain({ latest }: ClockDoubt): AppError {
  // No measurement means that the database has not answered since the start.
  if (latest === Number.POSITIVE_INFINITY) return new AppError('database_unavailable')
  return new AppError('clock_uncertain', {
    detail: 'This server compares its time with the database and is not sure of it yet. Try again in 10 s.',
    headers: { 'retry-after': '10' },
  })
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
  | { type: 'removeObjects'; keys: string[]; twice: boolean; then: 'forget' | 'keep'; purgeAt: number | null }
  | { type: 'forget' }
  | { type: 'reschedule'; purgeAt: number | null }

/** The sweeper's next step for a row at `now`; pure. The row that a step leaves has its own next step. */
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
      // The garbage may hold an earlier edit's old content, which readers may still have open.
      purgeAt: livePurgeAt(row.expires_at, now + GRACE_MS),
    }
  if (row.garbage !== null) {
    const then = row.end_reason === 'abandoned' ? 'forget' : 'keep'
    const twice = !row.slug.startsWith(SECOND_DELETE_PREFIX)
    return { type: 'removeObjects', keys: row.garbage.split(','), twice, then, purgeAt: restPurgeAt(row, now) }
  }
  const rest = restPurgeAt(row, now)
  if (row.state === 'ended' && (row.end_reason === 'abandoned' || isOver(rest, now))) return { type: 'forget' }
  return { type: 'reschedule', purgeAt: rest }
}

/** When a row with nothing to clean up is due: a live one at its end, an ended one when its tombstone is over. */
function restPurgeAt(row: Life, now: number): number | null {
  return row.state === 'live' ? row.expires_at : (row.ended_at ?? now) + TOMBSTONE_MS
}

/** When a live row is due: at its end or at `alsoAt`, the time of other work, whichever is sooner. */
export function livePurgeAt(expiresAt: number | null, alsoAt: number | null): number | null {
  if (expiresAt === null || alsoAt === null) return expiresAt ?? alsoAt
  return Math.min(expiresAt, alsoAt)
}

/** Object keys, comma-joined; null when there is none. */
export function joinKeys(...keys: (string | null)[]): string | null {
  return keys.filter((key) => key !== null && key !== '').join(',') || null
}

/** No paste's slug begins with it, see `isSlug`. */
const SECOND_DELETE_PREFIX = '~'

/** The slug of the row that schedules an object's second removal. */
export function secondDeleteSlug(key: string): string {
  return `${SECOND_DELETE_PREFIX}${key}`
}
