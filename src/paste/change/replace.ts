import { AppError, settledWithin } from '../../core/index.ts'
import { checkTarget, generateObjectKey } from '../../shortening/index.ts'
import { type BodyStart, refuseIfFull, upload, withBodyStart } from '../create/index.ts'
import type { Body, Paste, Preconditions } from '../model/index.ts'
import {
  contentColumns,
  discardFailedWrite,
  GARBAGE_BYTES,
  GRACE_MS,
  isOutcomeUnknown,
  joinKeys,
  LEASE_MS,
  livePurgeAt,
  newMark,
  type PasteRow,
  settleWrite,
  TIDY_MS,
  toPaste,
} from '../rows/index.ts'
import { alreadyStored, storedByAnother } from './already-stored.ts'
import { applyChange, changedMeanwhile, type EditDeps, findAuthorised, preconditionsHold, refuseNamed } from './edit.ts'

/** Replaces the content: see `Pastes.replace`. */
export async function replace(
  deps: EditDeps,
  slug: string,
  editToken: string | undefined,
  body: Body,
  when: Preconditions,
): Promise<Paste> {
  const row = await findAuthorised(deps, slug, editToken)
  refuseNamed(row, when)
  if (!preconditionsHold(row, when)) return alreadyStored(row, body)
  refuseIfFull(deps, body)
  return withBodyStart(deps, body, async (sent) => {
    const small = row.kind === 'link' ? asTarget(sent) : sent
    const packed = small.complete ? deps.content.pack(small.complete, body) : undefined
    if (packed) {
      await deps.screen?.refuse(packed.sha256)
      const columns = { ...contentColumns(packed), file_name: body.fileName ?? row.file_name }
      const set = replacement(row, deps.clock.now(), columns, null)
      if ((await applyChange(deps, row, set)) !== 1)
        return storedByAnother(deps, slug, { sha256: packed.sha256, fileName: columns.file_name })
      return toPaste({ ...row, ...set, version: row.version + 1 })
    }
    return replaceLarge(deps, row, body, small)
  })
}

/** The new target of a short link, checked as a new link's. A body of more than 64 KiB is no URL. */
function asTarget({ complete }: BodyStart): BodyStart {
  const target = Buffer.from(checkTarget(complete?.toString() ?? ''))
  return { complete: target, chunks: [target], rest: undefined }
}

async function replaceLarge(deps: EditDeps, row: PasteRow, body: Body, small: BodyStart): Promise<Paste> {
  const { repository } = deps
  const key = generateObjectKey(deps.random)
  const lease = () => livePurgeAt(row.expires_at, deps.clock.now() + LEASE_MS)
  const crowded = (row.garbage?.length ?? 0) > GARBAGE_BYTES - 4 * (key.length + 1)
  if (row.pending_key !== null || crowded) throw new AppError('edit_in_progress', { headers: { 'retry-after': '5' } })
  const mark = newMark(deps.random)
  const begun = repository.markPending(row.slug, row.version, key, lease(), mark)
  if ((await settleWrite(begun, () => repository.find(row.slug), mark)) !== 1) throw changedMeanwhile()
  const marked = { ...row, version: row.version + 1 }
  try {
    const content = await upload(deps, body, small, key, () =>
      repository.changePending(row.slug, key, { purge_at: lease() }),
    )
    await deps.screen?.refuse(content.sha256)
    // Inline content leaves no object under the key; removing none is harmless.
    const spare = content.objectKey === null ? key : null
    const columns = { ...contentColumns(content), file_name: body.fileName ?? row.file_name, pending_key: null }
    const set = replacement(row, deps.clock.now(), columns, spare)
    if ((await applyChange(deps, marked, set, key)) !== 1) throw changedMeanwhile()
    return toPaste({ ...marked, ...set, version: marked.version + 1 })
  } catch (error) {
    // The sweeper would tidy up once the lease is over; this is only sooner.
    if (!isOutcomeUnknown(error)) await settledWithin(tidy(deps, row, key), TIDY_MS)
    throw error
  }
}

async function tidy(deps: EditDeps, row: PasteRow, key: string): Promise<void> {
  await discardFailedWrite(deps, key, deps.clock.now())
  // Another edit may have left garbage meanwhile, so the row becomes due for the sweeper to check.
  const purgeAt = livePurgeAt(row.expires_at, deps.clock.now() + GRACE_MS)
  await deps.repository.changePending(row.slug, key, { pending_key: null, purge_at: purgeAt })
}

/** The columns of new content; the old object becomes garbage, and `spare` with it. */
function replacement(row: PasteRow, now: number, columns: Partial<PasteRow>, spare: string | null): Partial<PasteRow> {
  const garbage = joinKeys(row.object_key, row.garbage, spare)
  const lease = row.pending_key === null || columns.pending_key === null ? null : row.purge_at
  const chore = livePurgeAt(garbage ? now + GRACE_MS : null, lease)
  return { ...columns, updated_at: now, garbage, purge_at: livePurgeAt(row.expires_at, chore) }
}
