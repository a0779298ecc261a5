import type { Paste, Preconditions, RemovalReason } from '../model/index.ts'
import {
  GRACE_MS,
  joinKeys,
  liveOrThrow,
  newMark,
  type PasteRow,
  settleWrite,
  TOMBSTONE_MS,
  toPaste,
} from '../rows/index.ts'
import { ATTEMPTS, changedMeanwhile, checkPreconditions, type EditDeps, findAuthorised } from './edit.ts'

/** Deletes a paste: see `Pastes.remove`. */
export function remove(
  deps: EditDeps,
  slug: string,
  editToken: string | undefined,
  when: Preconditions,
): Promise<Paste> {
  return endForGood(deps, {}, async () => {
    const row = await findAuthorised(deps, slug, editToken)
    checkPreconditions(row, when)
    return row
  })
}

/** Removes a paste in the name of the operator: see `Pastes.takeDown`. */
export function takeDown(deps: EditDeps, slug: string, removal: RemovalReason): Promise<Paste> {
  return endForGood(deps, { removal }, async () => liveOrThrow(await deps.repository.find(slug), deps.clock))
}

/** Ends the row that `find` gives and clears its content; tries again where another change comes first. */
async function endForGood(
  deps: EditDeps,
  why: { removal?: RemovalReason },
  find: () => Promise<PasteRow>,
): Promise<Paste> {
  for (let attempt = 1; ; attempt++) {
    const row = await find()
    const { slug } = row
    const now = deps.clock.now()
    const garbage = joinKeys(row.object_key, row.pending_key, row.garbage)
    const purgeAt = garbage ? now + GRACE_MS : now + TOMBSTONE_MS
    const mark = newMark(deps.random)
    const end = { end_reason: 'deleted', ended_at: now, purge_at: purgeAt, garbage, write_id: mark, ...why } as const
    const ended = await settleWrite(
      deps.repository.end(slug, 'live', end, { version: row.version }),
      () => deps.repository.find(slug),
      mark,
    )
    await deps.cache.forget(slug)
    if (ended === 1) return toPaste(row)
    if (attempt === ATTEMPTS) throw changedMeanwhile()
  }
}
