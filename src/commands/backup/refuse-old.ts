import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { isBeyondTombstones, type PasteTables } from '../../paste/index.ts'
import { type Generation, ROWS } from './generations.ts'
import { readLines } from './lines-file.ts'

/**
 * Throws an Error in words when a generation is older than tombstones are kept and the database is in use: pastes that
 * were read or deleted since, and of which nothing is left, would come back.
 */
export async function refuseOld(db: Kysely<PasteTables>, generation: Generation, now: number): Promise<void> {
  if (!isBeyondTombstones(await takenAt(generation), now)) return
  const any = await db.selectFrom('pastes').select('slug').limit(1).executeTakeFirst()
  if (any !== undefined)
    throw new Error(
      'this backup is older than 30 days and the database is in use: pastes that were deleted since would come back. ' +
        'Restore it into an empty database, or repeat it with --force.',
    )
}

async function takenAt({ path, summary }: Generation): Promise<number> {
  if (summary) return Date.parse(summary.takenAt)
  for await (const line of readLines(join(path, ROWS))) return (JSON.parse(line) as { takenAt?: number }).takenAt ?? 0
  return 0
}
