import { DuplicateKey } from '../../core/index.ts'
import { type DayCounters, mergeDay } from './counters.ts'
import { decodeDay, encodeDay } from './encoding.ts'
import type { ViewRows } from './rows.ts'
import { DAY_MS } from './tables.ts'

/** How counters in memory and their row stand to each other. */
export type SavedDay = {
  /** Says that the counters have changed. */
  changed(): void
  isDirty(): boolean
  /** Writes them; false when their row was removed, because the paste is gone. Throws what the database does. */
  save(): Promise<boolean>
}

/** After a day ended, replicas have a day to write it, and the sweepers two to fold it. */
const FOLD_AFTER_DAYS = 3

/**
 * Counters of one slug and day; this process alone writes their row. `id` differs from those of counters of the same
 * slug and day that this process dropped before: what they left in the row is added once, whatever statements fail.
 */
export function createSavedDay(
  { rows, replica }: { rows: ViewRows; replica: string },
  { slug, day, counters, id }: { slug: string; day: number; counters: DayCounters; id: string },
): SavedDay {
  const key = { slug, day, replica }
  let changes = 0
  let written = 0
  /** Undefined: not known. */
  let isThere: boolean | undefined
  let isMerged = false

  async function look(): Promise<boolean> {
    const row = await rows.find(key)
    // A row that these counters wrote has nothing that they haven't.
    if (row !== undefined && row.entry !== id && !isMerged) {
      mergeDay(counters, decodeDay(row.counters))
      isMerged = true
    }
    return row !== undefined
  }

  async function insert(encoded: Buffer): Promise<void> {
    // Spread over a day, so that not all of them are due at once.
    const purgeAt = (day + FOLD_AFTER_DAYS) * DAY_MS + spread(slug) * DAY_MS
    const row = { ...key, entry: id, counters: encoded, version: 1, purge_at: Math.floor(purgeAt) }
    await rows.insert(row)
  }

  return {
    changed() {
      changes++
    },
    isDirty: () => changes !== written,
    async save() {
      const seen = changes
      isThere ??= await look()
      const encoded = encodeDay(counters)
      if (isThere) {
        if ((await rows.update({ ...key, entry: id, counters: encoded })) === 0) return false
      } else {
        try {
          await insert(encoded)
        } catch (error) {
          // It may be there, with a lost answer or from a repetition: the next time looks again.
          isThere = undefined
          if (error instanceof DuplicateKey) return true
          throw error
        }
        isThere = true
      }
      written = seen
      return true
    },
  }
}

/** A number in [0, 1) that is spread evenly over slugs. */
function spread(slug: string): number {
  let sum = 0
  for (let index = 0; index < slug.length; index++) sum = (Math.imul(sum, 31) + slug.charCodeAt(index)) >>> 0
  return (Math.imul(sum, 2_654_435_761) >>> 0) / 2 ** 32
}
