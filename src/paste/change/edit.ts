import { AppError, type Clock } from '../../core/index.ts'
import { type ExpiryLimits, resolveExpiry } from '../../expiry/index.ts'
import { matchHolds, noneMatchHolds, unmodifiedHolds } from '../../http/index.ts'
import { isGuessable } from '../../shortening/index.ts'
import { type CreateDeps, checkEditToken, checkLanguage, checkTitle, guessable } from '../create/index.ts'
import { currentEtags, type Paste, type PasteChange, type Preconditions } from '../model/index.ts'
import type { PasteCache } from '../read/index.ts'
import {
  liveOrThrow,
  livePurgeAt,
  newMark,
  notFound,
  type PasteRow,
  settleWrite,
  toPaste,
  wasPaste,
} from '../rows/index.ts'

/** How often a change is tried again after another one came first. */
export const ATTEMPTS = 3

/** Dependencies of claims, edits and deletes. */
export type EditDeps = CreateDeps & { cache: PasteCache; expiry: ExpiryLimits; clock: Clock }

/** The live row of a slug, from the database. Throws as `liveOrThrow` does, then `token_required`, `token_invalid`. */
export async function findAuthorised(deps: EditDeps, slug: string, editToken: string | undefined): Promise<PasteRow> {
  const row = liveOrThrow(await deps.repository.find(slug), deps.clock)
  checkEditToken(editToken, row.edit_token_hash)
  return row
}

/** Changes metadata: see `Pastes.update`. */
export async function update(
  deps: EditDeps,
  slug: string,
  editToken: string | undefined,
  change: PasteChange,
  when: Preconditions,
): Promise<Paste> {
  for (let attempt = 1; ; attempt++) {
    const row = await findAuthorised(deps, slug, editToken)
    checkPreconditions(row, when)
    const now = deps.clock.now()
    const set: Partial<PasteRow> = { updated_at: now }
    if (change.title !== undefined) set.title = checkTitle(change.title)
    if (change.language !== undefined) set.language = checkLanguage(change.language)
    if (change.visibility !== undefined) {
      if (change.visibility === 'private' && row.visibility !== 'private' && isGuessable(row.slug))
        throw guessable('Post it again as private, without a name of your own, and delete this one.')
      set.visibility = change.visibility
      set.listed_at = change.visibility === 'public' && row.kind === 'paste' ? row.created_at : null
    }
    if (change.expiresIn !== undefined || change.expiresAt !== undefined) {
      set.expires_at = resolveExpiry(change, now, deps.expiry)
      // Work that is due sooner (an edit's lease, an old object) keeps its time.
      const chores = row.pending_key !== null || row.garbage !== null ? row.purge_at : null
      set.purge_at = livePurgeAt(set.expires_at, chores)
    }
    if ((await applyChange(deps, row, set)) === 1) return toPaste({ ...row, ...set, version: row.version + 1 })
    if (attempt === ATTEMPTS)
      throw new AppError('precondition_failed', { detail: 'The paste keeps changing. Read it and try again.' })
  }
}

/** The time of creation: see `Pastes.createdAt`. */
export async function createdAtOf(deps: EditDeps, slug: string, editToken: string | undefined): Promise<number> {
  const row = await deps.repository.find(slug)
  if (row === undefined || !wasPaste(row)) throw notFound()
  checkEditToken(editToken, row.edit_token_hash)
  return row.created_at
}

/** Changes columns of a row that is unchanged since it was read; returns 0 when another change came first. */
export async function applyChange(
  deps: EditDeps,
  row: PasteRow,
  set: Partial<PasteRow>,
  pendingKey?: string,
): Promise<number> {
  const mark = newMark(deps.random)
  return settleWrite(
    deps.repository.change(row.slug, row.version, { ...set, write_id: mark }, pendingKey),
    () => deps.repository.find(row.slug),
    mark,
  ).finally(() => deps.cache.forget(row.slug))
}

/** Throws `precondition_failed` when the request's conditions (RFC 9110 section 13.1) don't hold for the row. */
export function checkPreconditions(row: PasteRow, when: Preconditions): void {
  refuseNamed(row, when)
  if (!preconditionsHold(row, when)) throw preconditionFailed()
}

/** Throws `precondition_failed` where If-None-Match names what is there. */
export function refuseNamed(row: PasteRow, { ifNoneMatch }: Preconditions): void {
  if (ifNoneMatch !== undefined && noneMatchHolds(ifNoneMatch, currentEtags(toPaste(row))))
    throw new AppError('precondition_failed', { detail: 'If-None-Match names what is there.' })
}

/** Whether If-Match, or else If-Unmodified-Since (RFC 9110 section 13.1), holds for the row. */
export function preconditionsHold(row: PasteRow, { ifMatch, ifUnmodifiedSince }: Preconditions): boolean {
  return ifMatch === undefined
    ? unmodifiedHolds(ifUnmodifiedSince, row.updated_at)
    : matchHolds(ifMatch, currentEtags(toPaste(row)))
}

/** The error for a condition that doesn't hold. */
export function preconditionFailed(): AppError {
  return new AppError('precondition_failed', { detail: 'Read the paste again, then repeat the change.' })
}

/** The error for the slower of two changes. */
export function changedMeanwhile(): AppError {
  return new AppError('precondition_failed', { detail: 'Another change came first. Read the paste and try again.' })
}
