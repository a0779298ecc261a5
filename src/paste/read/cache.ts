import { LRUCache } from 'lru-cache'
import { type CacheCount, type Clock, createSingleFlight, monotonicOf } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import type { Paste } from '../model/index.ts'
import { liveOrThrow, type PasteRow } from '../rows/index.ts'

/** A cache shared by replicas, behind this process's memory. May fail only by missing: never returns stale rows. */
export type SharedRows = {
  /** The row and how long ago it was read from the database; undefined: a miss. */
  get(slug: string): Promise<{ row: PasteRow; ageMs: number } | undefined>
  /** Adds a row that was read at `readAt` (monotonic ms), unless a newer entry or tombstone exists. */
  offer(row: PasteRow, readAt: number): void
  /** Invalidates a slug at all replicas. */
  forget(slug: string): Promise<void>
  /** Calls `drop` for each slug that another replica invalidates; without a slug when messages may have been missed. */
  onInvalidated(drop: (slug?: string) => void): void
}

/** Pastes in memory, at most `maxAgeMs` behind the database and never past their expiry. */
export type PasteCache = {
  /** A live paste, without waiting. */
  peek(slug: string): Paste | undefined
  /** A live paste, by `load` if it isn't here; callers at the same time share one load. Throws as `liveOrThrow` does. */
  get(slug: string, load: () => Promise<PasteRow | undefined>): Promise<Paste>
  /** Drops a slug from this process, and the result of a load under way. */
  drop(slug: string): void
  /** Drops a slug here and at the other replicas; resolves once the message is sent, or can't be. */
  forget(slug: string): Promise<void>
}

type Entry = { paste: Paste; staleAt: number }

/** Approximate memory of an entry beside its body. */
const ENTRY_BYTES = 1_024
/** Slugs changed at this replica that are remembered. */
const MOST_CHANGED = 10_000

/**
 * A cache of `maxBytes`. `maxAgeMs` is 4 s where replicas share a database, so that with a second of clock skew nothing
 * is served 5 s after its delete, and longer for a single process. Invalidation messages don't raise it: a replica that
 * is cut off from Redis changes pastes without sending any.
 */
export function createPasteCache(deps: {
  clock: Clock
  maxBytes: number
  maxAgeMs: number
  toPaste(row: PasteRow): Paste
  shared?: SharedRows | undefined
  /** Counts lookups in memory. */
  count?: CacheCount | undefined
}): PasteCache {
  const { clock, shared, count } = deps
  // Ages are counted on a clock that is never set, ends on the one that all replicas share.
  const steady = monotonicOf(clock)
  const entries = new LRUCache<string, Entry>({
    // The map requires at least 1; with that nothing fits.
    maxSize: Math.max(1, Math.floor(deps.maxBytes)),
    sizeCalculation: ({ paste }) => {
      const { frames, frameSums, body } = paste.content
      return ENTRY_BYTES + frames.length + (frameSums?.length ?? 0) + (body?.length ?? 0)
    },
  })
  const loads = createSingleFlight<Paste>()
  // Slugs changed here, and until when the shared cache is bypassed for them: its tombstone may not be stored yet.
  const changed = new LRUCache<string, number>({ max: MOST_CHANGED })

  function keep(row: PasteRow, readAt: number): Paste {
    const paste = deps.toPaste(row)
    entries.set(row.slug, { paste, staleAt: readAt + deps.maxAgeMs })
    return paste
  }

  function drop(slug: string): void {
    entries.delete(slug)
    // A load under way may hold the row from before the change.
    loads.forget(slug)
  }

  function dropAll(): void {
    entries.clear()
    loads.forget()
  }

  function admit(found: PasteRow | undefined, readAt: number, isCurrent: () => boolean): Paste {
    const row = liveOrThrow(found, clock)
    // The database counts the readings of a limited paste, so a copy in memory must not answer for it.
    return isCurrent() && row.max_views === null ? keep(row, readAt) : deps.toPaste(row)
  }

  async function load(
    slug: string,
    fromDatabase: () => Promise<PasteRow | undefined>,
    isCurrent: () => boolean,
  ): Promise<Paste> {
    const known = (changed.get(slug) ?? 0) > steady() ? undefined : await shared?.get(slug)
    if (known && known.ageMs < deps.maxAgeMs) return admit(known.row, steady() - known.ageMs, isCurrent)
    const readAt = steady()
    const row = await fromDatabase()
    if (row?.state === 'live' && row.max_views === null && isCurrent()) shared?.offer(row, readAt)
    return admit(row, readAt, isCurrent)
  }

  shared?.onInvalidated((slug) => (slug === undefined ? dropAll() : drop(slug)))
  return {
    peek(slug) {
      const entry = entries.get(slug)
      if (entry === undefined) return undefined
      if (entry.staleAt > steady() && !isOver(entry.paste.expiresAt, clock.now())) {
        count?.hit()
        return entry.paste
      }
      entries.delete(slug)
      return undefined
    },
    get(slug, fromDatabase) {
      count?.miss()
      return loads.run(slug, (isCurrent) => load(slug, fromDatabase, isCurrent))
    },
    drop,
    async forget(slug) {
      drop(slug)
      if (shared) changed.set(slug, steady() + deps.maxAgeMs)
      await shared?.forget(slug)
    },
  }
}
