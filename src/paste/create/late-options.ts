import { AppError, type Clock, type RandomSource, settledWithin } from '../../core/index.ts'
import { generateObjectKey } from '../../shortening/index.ts'
import type { Paste } from '../model/index.ts'
import { type PasteRepository, type PasteRow, TIDY_MS } from '../rows/index.ts'
import type { PastePlan } from './options.ts'

/** The columns that hold a plan's options, but for the slug. */
export function planColumns(plan: PastePlan) {
  return {
    expires_at: plan.expiresAt,
    visibility: plan.visibility,
    title: plan.title,
    language: plan.language,
    max_views: plan.maxViews,
  } satisfies Partial<PasteRow>
}

/**
 * Whether options that came after the content need another slug than the one reserved for it: a custom one, or the long
 * one of a private paste.
 */
export function needsOtherSlug(before: PastePlan, plan: PastePlan): boolean {
  return plan.slug !== before.slug || (plan.slug === undefined && plan.visibility !== before.visibility)
}

/**
 * Moves a stored object from the row under its first slug to a new row, in state `uploading`, that `reserve` inserts with
 * the same object key under the slug that was asked for last. At any moment a row that the sweeper will end holds the key,
 * so a crash leaves nothing behind. Throws `overloaded` when the sweeper was first, and as `reserve` does.
 */
export async function moveUpload(
  deps: { repository: PasteRepository; clock: Clock; random: RandomSource },
  from: string,
  objectKey: string,
  reserve: () => Promise<Paste>,
): Promise<Paste> {
  const { repository, clock, random } = deps
  const moved = await reserve()
  const unusedKey = generateObjectKey(random)
  const changed = await repository.changeUpload(from, objectKey, { object_key: unusedKey, purge_at: clock.now() })
  if (changed === 1) {
    await settledWithin(repository.release(from, unusedKey), TIDY_MS)
    return moved
  }
  await settledWithin(repository.release(moved.slug, objectKey), TIDY_MS)
  throw new AppError('overloaded', { detail: 'The upload took too long and its place was given up. Send it again.' })
}
