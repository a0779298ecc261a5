import { AppError, type Clock, OutcomeUnknown, settledWithin, withTimeout } from '../../core/index.ts'
import { type ExpiryLimits, resolveExpiry } from '../../expiry/index.ts'
import { matchHolds, unmodifiedHolds } from '../../http/index.ts'
import { checkTarget, generateObjectKey } from '../../shortening/index.ts'
import type { CreateDeps } from '../create/index.ts'
import { checkEditToken, checkLanguage, checkTitle, type SmallBody, upload, withSmall } from '../create/index.ts'
import type { Body, Paste, PasteChange, Preconditions } from '../model/index.ts'
import { entityTags } from '../model/index.ts'
import type { PasteCache } from '../read/index.ts'
import type { PasteRow } from '../rows/index.ts'
import {
  contentColumns,
  GARBAGE_BYTES,
  GRACE_MS,
  giveUpObject,
  joinKeys,
  LEASE_MS,
  liveOrThrow,
  livePurgeAt,
  notFound,
  REREAD_MS,
  TIDY_MS,
  TOMBSTONE_MS,
  toPaste,
  wasPaste,
} from '../rows/index.ts'

const ATTEMPTS = 3

/** What changing a paste depends on. */
export type EditDeps = CreateDeps & { cache: PasteCache; expiry: ExpiryLimits; clock: Clock }

/**
 * The live row of a slug, from the database itself. Throws `not_found` or why it ended, then `token_required` or
 * `token_invalid`.
 */
export async function authorised(deps: EditDeps, slug: string, editToken: string | undefined): Promise<PasteRow> {
  const row = liveOrThrow(await deps.repository.find(slug), deps.clock.now())
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
    const row = await authorised(deps, slug, editToken)
    checkPreconditions(row, when)
    const now = deps.clock.now()
    const set: Partial<PasteRow> = { updated_at: now }
    if (change.title !== undefined) set.title = checkTitle(change.title)
    if (change.language !== undefined) set.language = checkLanguage(change.language)
    if (change.visibility !== undefined) {
      set.visibility = change.visibility
      set.listed_at = change.visibility === 'public' && row.kind === 'paste' ? row.created_at : null
    }
    if (change.expiresIn !== undefined || change.expiresAt !== undefined) {
      set.expires_at = resolveExpiry(change, now, deps.expiry)
      // Work that is due sooner (an edit's lease, an old object) keeps its date.
      const chores = row.pending_key !== null || row.garbage !== null ? row.purge_at : null
      set.purge_at = livePurgeAt(set.expires_at, chores)
    }
    if ((await changed(deps, row, set)) === 1) return toPaste({ ...row, ...set, version: row.version + 1 })
    if (attempt === ATTEMPTS)
      throw new AppError('precondition_failed', { detail: 'It keeps changing. Read it and try again.' })
  }
}

/** Replaces the content: see `Pastes.replace`. */
export async function replace(
  deps: EditDeps,
  slug: string,
  editToken: string | undefined,
  body: Body,
  when: Preconditions,
): Promise<Paste> {
  const row = await authorised(deps, slug, editToken)
  checkPreconditions(row, when)
  return withSmall(body, deps.limits.maxPasteBytes, async (sent) => {
    const small = row.kind === 'link' ? asTarget(sent) : sent
    const packed = small.complete ? deps.content.pack(small.complete, body) : undefined
    if (packed) {
      const columns = { ...contentColumns(packed), file_name: body.fileName ?? row.file_name }
      const set = replaced(row, deps.clock.now(), columns, null)
      if ((await changed(deps, row, set)) !== 1) throw overtaken()
      return toPaste({ ...row, ...set, version: row.version + 1 })
    }
    if (small.complete) return replaceLarge(deps, row, body, small)
    return deps.uploads.run(() => replaceLarge(deps, row, body, small))
  })
}

/** The new target of a short link, held to what a new link's is. A body of more than 64 KiB is no URL. */
function asTarget({ complete }: SmallBody): SmallBody {
  const target = Buffer.from(checkTarget(complete?.toString() ?? ''))
  return { complete: target, head: [target], rest: undefined }
}

async function replaceLarge(deps: EditDeps, row: PasteRow, body: Body, small: SmallBody): Promise<Paste> {
  const { repository } = deps
  const key = generateObjectKey(deps.random)
  const lease = () => livePurgeAt(row.expires_at, deps.clock.now() + LEASE_MS)
  const crowded = (row.garbage?.length ?? 0) > GARBAGE_BYTES - 4 * (key.length + 1)
  if (row.pending_key !== null || crowded) throw new AppError('edit_in_progress', { headers: { 'retry-after': '5' } })
  if ((await repository.markPending(row.slug, row.version, key, lease())) !== 1) throw overtaken()
  const marked = { ...row, version: row.version + 1 }
  try {
    const content = await upload(deps, body, small, key, () => repository.renewPending(row.slug, key, lease()))
    // An inline result left nothing under the key, and removing nothing is harmless.
    const spare = content.objectKey === null ? key : null
    const columns = { ...contentColumns(content), file_name: body.fileName ?? row.file_name, pending_key: null }
    const set = replaced(row, deps.clock.now(), columns, spare)
    if ((await changed(deps, marked, set, key)) !== 1) throw overtaken()
    return toPaste({ ...marked, ...set, version: marked.version + 1 })
  } catch (error) {
    const open = error instanceof AppError && error.code === 'commit_unknown'
    // The lease in the row makes the sweeper tidy up; here it is only done sooner.
    if (!open) await settledWithin(tidy(deps, row, key), TIDY_MS)
    throw error
  }
}

async function tidy(deps: EditDeps, row: PasteRow, key: string): Promise<void> {
  await giveUpObject(deps, key, deps.clock.now())
  // Another edit may have left garbage since: the sweeper looks at the row, and finds out when it is due again.
  await deps.repository.unmarkPending(row.slug, key, livePurgeAt(row.expires_at, deps.clock.now() + GRACE_MS))
}

/** When a paste was made: see `Pastes.madeAt`. */
export async function madeAt(deps: EditDeps, slug: string, editToken: string | undefined): Promise<number> {
  const row = await deps.repository.find(slug)
  if (row === undefined || !wasPaste(row)) throw notFound()
  checkEditToken(editToken, row.edit_token_hash)
  return row.created_at
}

/** Ends a paste: see `Pastes.remove`. */
export async function remove(
  deps: EditDeps,
  slug: string,
  editToken: string | undefined,
  when: Preconditions,
): Promise<Paste> {
  for (let attempt = 1; ; attempt++) {
    const row = await authorised(deps, slug, editToken)
    checkPreconditions(row, when)
    const now = deps.clock.now()
    const garbage = joinKeys(row.object_key, row.pending_key, row.garbage)
    const purgeAt = garbage ? now + GRACE_MS : now + TOMBSTONE_MS
    const end = { end_reason: 'deleted', ended_at: now, purge_at: purgeAt, garbage } as const
    const ended = await deps.repository.end(slug, 'live', end, { version: row.version }).catch(async (error) => {
      if (!(error instanceof OutcomeUnknown)) throw error
      const found = await withTimeout(deps.repository.find(slug), REREAD_MS).catch(() => undefined)
      if (found?.state === 'ended' && found.ended_at === now) return 1
      throw new AppError('commit_unknown', { cause: error })
    })
    await deps.cache.forget(slug)
    if (ended === 1) return toPaste(row)
    if (attempt === ATTEMPTS) throw overtaken()
  }
}

function replaced(row: PasteRow, now: number, columns: Partial<PasteRow>, spare: string | null): Partial<PasteRow> {
  const garbage = joinKeys(row.object_key, row.garbage, spare)
  const lease = row.pending_key === null || columns.pending_key === null ? null : row.purge_at
  const chore = livePurgeAt(garbage ? now + GRACE_MS : null, lease)
  return { ...columns, updated_at: now, garbage, purge_at: livePurgeAt(row.expires_at, chore) }
}

/** Runs a conditional change; when its answer was lost, finds out by reading whether it is there. */
async function changed(deps: EditDeps, row: PasteRow, set: Partial<PasteRow>, pendingKey?: string): Promise<number> {
  try {
    return await deps.repository.change(row.slug, row.version, set, pendingKey)
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    const found = await withTimeout(deps.repository.find(row.slug), REREAD_MS).catch(() => undefined)
    if (found?.version === row.version + 1 && found.updated_at === set.updated_at) return 1
    throw new AppError('commit_unknown', { cause: error })
  } finally {
    await deps.cache.forget(row.slug)
  }
}

function checkPreconditions(row: PasteRow, { ifMatch, ifUnmodifiedSince }: Preconditions): void {
  const holds =
    ifMatch === undefined
      ? unmodifiedHolds(ifUnmodifiedSince, row.updated_at)
      : matchHolds(ifMatch, entityTags(toPaste(row)))
  if (!holds) throw new AppError('precondition_failed', { detail: 'Read the paste again, then repeat the change.' })
}

function overtaken(): AppError {
  return new AppError('precondition_failed', { detail: 'Another change came first. Read the paste and try again.' })
}
