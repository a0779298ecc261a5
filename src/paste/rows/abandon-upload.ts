import { type RandomSource, settledWithin } from '../../core/index.ts'
import { TIDY_MS } from './deadlines.ts'
import { type DiscardDeps, discardObjects } from './discard-objects.ts'
import { joinKeys } from './life.ts'
import type { PasteRepository } from './repository.ts'
import { newMark, settleWrite } from './settle-write.ts'
import type { PasteRow } from './tables.ts'

type AbandonDeps = DiscardDeps & {
  repository: Pick<PasteRepository, 'end' | 'find' | 'forget'>
  random: RandomSource
}

/**
 * Ends an upload that is unchanged since it was read; false: its owner came first. From then on no request can make it
 * live. Frees its slug and removes its objects now, as far as that is quick; the sweeper does the rest. Throws
 * `commit_unknown`.
 */
export async function abandonUpload(deps: AbandonDeps, row: PasteRow, now: number): Promise<boolean> {
  const { repository } = deps
  const mark = newMark(deps.random)
  const garbage = joinKeys(row.object_key, row.garbage)
  const end = { end_reason: 'abandoned', ended_at: now, purge_at: now, garbage, write_id: mark } as const
  const ending = repository.end(row.slug, 'uploading', end, { version: row.version, purge_at: row.purge_at ?? 0 })
  if ((await settleWrite(ending, () => repository.find(row.slug), mark)) !== 1) return false
  const freed = discardObjects(deps, garbage?.split(',') ?? [], now).then(() => repository.forget(row.slug, now))
  await settledWithin(freed, TIDY_MS)
  return true
}
