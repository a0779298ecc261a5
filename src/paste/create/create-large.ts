import { AppError, settledWithin } from '../../core/index.ts'
import { generateObjectKey } from '../../shortening/index.ts'
import type { Body, Paste } from '../model/index.ts'
import {
  contentColumns,
  discardFailedWrite,
  isOutcomeUnknown,
  LEASE_MS,
  livePurgeAt,
  NO_CONTENT,
  newMark,
  settleWrite,
  TIDY_MS,
} from '../rows/index.ts'
import { overtaken } from './idempotency-errors.ts'
import { insertRow, newRow } from './insert-row.ts'
import { moveUpload, needsOtherSlug, planColumns } from './late-options.ts'
import type { CreateDeps, NewPaste } from './new-paste.ts'
import type { BodyStart } from './small-body.ts'
import { upload } from './upload.ts'

/**
 * Streams a body into the store under a row that holds its slug, then makes the row live. Throws as `Pastes.create` does,
 * and frees slug and object then.
 */
export async function createLarge(deps: CreateDeps, wanted: NewPaste, body: Body, small: BodyStart): Promise<Paste> {
  const objectKey = generateObjectKey(deps.random)
  const reserve = (asked: NewPaste) =>
    insertRow(deps, asked, (slug) => ({
      ...newRow(asked, slug, body),
      ...NO_CONTENT,
      state: 'uploading',
      object_key: objectKey,
      purge_at: deps.clock.now() + LEASE_MS,
      listed_at: null,
    }))
  const reserved = await reserve(wanted)
  let { slug } = reserved
  const { repository } = deps
  try {
    const content = await upload(deps, body, small, objectKey, () =>
      repository.changeUpload(slug, objectKey, { purge_at: deps.clock.now() + LEASE_MS }),
    )
    await deps.screen?.refuse(content.sha256)
    const late = await wanted.replan?.()
    const plan = late ?? wanted.plan
    if (late && needsOtherSlug(wanted.plan, late))
      ({ slug } = await moveUpload(deps, slug, objectKey, () => reserve({ ...wanted, plan })))
    const now = deps.clock.now()
    const listed = plan.visibility === 'public' && wanted.kind === 'paste'
    const times = { updated_at: now, purge_at: livePurgeAt(plan.expiresAt, null), listed_at: listed ? now : null }
    const set = { ...contentColumns(content), ...(late && planColumns(late)), ...times, state: 'live' } as const
    const mark = newMark(deps.random)
    const goLive = repository.changeUpload(slug, objectKey, { ...set, write_id: mark })
    if ((await settleWrite(goLive, () => repository.find(slug), mark)) !== 1) throw givenUp(wanted)
    const { expiresAt, visibility, title, language, maxViews } = plan
    return { ...reserved, slug, expiresAt, visibility, title, language, maxViews, updatedAt: now, content }
  } catch (error) {
    await giveBack(deps, slug, objectKey, error)
    throw error
  }
}

/** The error for an upload that the sweeper, or another request with its key, has ended. */
function givenUp({ attempt }: NewPaste): AppError {
  if (attempt) return overtaken()
  return new AppError('overloaded', { detail: 'The upload took too long and its place was given up. Send it again.' })
}

/** Frees slug and object of a failed upload. The sweeper frees the rest once the lease is over. */
async function giveBack(deps: CreateDeps, slug: string, objectKey: string, error: unknown): Promise<void> {
  if (isOutcomeUnknown(error)) return
  const givenUp = discardFailedWrite(deps, objectKey, deps.clock.now())
  const freed = givenUp.then(() => deps.repository.release(slug, objectKey))
  await settledWithin(freed, TIDY_MS)
}
