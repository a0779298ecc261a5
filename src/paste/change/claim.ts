import { AppError } from '../../core/index.ts'
import type { Claimed } from '../model/index.ts'
import {
  beforeBurn,
  type ClaimStatements,
  joinKeys,
  liveOrThrow,
  newMark,
  type PasteRow,
  settleWrite,
  toPaste,
} from '../rows/index.ts'
import type { EditDeps } from './edit.ts'

const ATTEMPTS = 8
/** How long the object stays after the last reading, for its reader to fetch it. */
const READING_MS = 600_000

/**
 * Counts one reading of a limited paste. At most `maxViews` claims succeed over all replicas, because one conditional
 * statement counts. A paste without a limit is returned uncounted. Throws `not_found`, `expired`, `deleted`, `burned`,
 * `claim_in_progress`, and `commit_unknown` when the claim may or may not have been counted.
 */
export async function claim(deps: EditDeps, statements: ClaimStatements, slug: string): Promise<Claimed> {
  for (let attempt = 1; ; attempt++) {
    const id = newMark(deps.random)
    const row = liveOrThrow(await deps.repository.find(slug), deps.clock)
    if (row.max_views === null) return { paste: toPaste(row), release: async () => {}, keep: async () => {} }
    const last = row.views + 1 >= row.max_views
    const counted = await countReading(deps, statements, row, id, last)
    if (counted === 1) {
      if (last) await deps.cache.forget(slug)
      const release = async () => {
        if (last) await statements.releaseLast(slug, id, beforeBurn(row))
        else await statements.releaseOne(slug)
      }
      const keep = async () => {
        // Only a reading that waits for an object looks unsettled to others, see `liveOrThrow`.
        if (last && joinKeys(row.object_key, row.pending_key, row.garbage) !== null)
          await statements.keepLast(slug, id).catch(() => {})
      }
      return { paste: { ...toPaste(row), views: row.views + 1 }, release, keep }
    }
    // Another reading or edit came first: rereads the row, which throws if the paste has ended.
    if (attempt === ATTEMPTS) throw new AppError('overloaded')
  }
}

/** Counts the reading under `id`; returns 0 when the row has changed since it was read. */
async function countReading(
  deps: EditDeps,
  statements: ClaimStatements,
  row: PasteRow,
  id: string,
  last: boolean,
): Promise<number> {
  const now = deps.clock.now()
  const garbage = joinKeys(row.object_key, row.pending_key, row.garbage)
  const end = { end_reason: 'burned', ended_at: now, purge_at: now + READING_MS, garbage } as const
  const write = last
    ? statements.countLast(row.slug, now, id, row.version, end)
    : statements.countOne(row.slug, now, id)
  return settleWrite(write, () => deps.repository.find(row.slug), id)
}
