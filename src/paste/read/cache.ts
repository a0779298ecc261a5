import { LRUCache } from 'lru-cache'
import { type CacheCount, type Clock, createSingleFlight } from '../../core/index.ts'
import { isOver } from '../../expiry/index.ts'
import type { Paste } from '../model/index.ts'
import { liveOrThrow, type PasteRow } from '../rows/index.ts'

/** A second level behind this process's memory, shared by replicas. It may fail or lie in no way but by missing. */
export type SharedRows = {
  /** The row and when it was read from the database, or undefined when it isn't there. */
  get(slug: string): Promise<{ row: PasteRow; readAt: number } | undefined>
  /** Offers a row that was read at `readAt`; loses against a newer word about the same slug. */
  offer(row: PasteRow, readAt: number): void
  /** Says to all replicas that what is known of a slug is out of date. */
  forget(slug: string): Promise<void>
  /** Calls `drop` for what other replicas say so of; without a slug: of anything, because words may have been missed. */
  onForgotten(drop: (slug?: string) => void): void
}

/** Pastes in memory. What it gives is at most `maxAgeMs` behind the database, and never past its expiry. */
export type PasteCache = {
  /** A live paste, without waiting. */
  peek(slug: string): Paste | undefined
  /** A live paste, by `load` if it isn't here; callers at the same time share one load. Throws as `liveOrThrow` does. */
  get(slug: string, load: () => Promise<PasteRow | undefined>): Promise<Paste>
  /** Makes everybody here forget a slug, loads under way included. */
  drop(slug: string): void
  /** Drops a slug and asks the other replicas to; resolves when they were told, or can't be now. */
  forget(slug: string): Promise<void>
}

type Entry = { paste: Paste; staleAt: number }

/** Memory that an entry takes beside its body: the snapshot, its strings and the map's own share, roughly. */
const ENTRY_BYTES = 1_024
/** Of so many slugs that were changed here it is remembered. */
const MOST_CHANGED = 10_000

/**
 * A cache of `maxBytes`. `maxAgeMs` is 4 s where replicas share a database (so that together with a second level and
 * a second of clock skew nothing is served 5 s after its delete), and long where this process is alone. It stays 4 s
 * while other replicas' words come through: the one that changes a paste may itself be cut off from the second level,
 * and answers its client all the same.
 */
export function createPasteCache(deps: {
  clock: Clock
  maxBytes: number
  maxAgeMs: number
  toPaste(row: PasteRow): Paste
  shared?: SharedRows | undefined
  /** Told of lookups in memory. */
  count?: CacheCount | undefined
}): PasteCache {
  const { clock, shared, count } = deps
  const entries = new LRUCache<string, Entry>({
    // The least that the map takes: nothing fits, so nothing is kept.
    maxSize: Math.max(1, Math.floor(deps.maxBytes)),
    sizeCalculation: ({ paste }) => ENTRY_BYTES + paste.content.frames.length + (paste.content.body?.length ?? 0),
  })
  const loads = createSingleFlight<Paste>()
  // Until when the second level is not asked about a slug: it was changed here, and the word of it may not have arrived.
  const changed = new LRUCache<string, number>({ max: MOST_CHANGED })

  function keep(row: PasteRow, readAt: number): Paste {
    const paste = deps.toPaste(row)
    entries.set(row.slug, { paste, staleAt: readAt + deps.maxAgeMs })
    return paste
  }

  function drop(slug: string): void {
    entries.delete(slug)
    // A row read before the change must not be kept after it.
    loads.forget(slug)
  }

  function dropAll(): void {
    entries.clear()
    loads.forget()
  }

  function admit(found: PasteRow | undefined, readAt: number, isCurrent: () => boolean): Paste {
    const row = liveOrThrow(found, clock.now())
    // The database counts the readings of a limited paste, so a copy in memory must not answer for it.
    return isCurrent() && row.max_views === null ? keep(row, readAt) : deps.toPaste(row)
  }

  async function load(
    slug: string,
    fromDatabase: () => Promise<PasteRow | undefined>,
    isCurrent: () => boolean,
  ): Promise<Paste> {
    const known = (changed.get(slug) ?? 0) > clock.now() ? undefined : await shared?.get(slug)
    if (known && known.readAt + deps.maxAgeMs > clock.now()) return admit(known.row, known.readAt, isCurrent)
    const readAt = clock.now()
    const row = await fromDatabase()
    if (row?.state === 'live' && row.max_views === null && isCurrent()) shared?.offer(row, readAt)
    return admit(row, readAt, isCurrent)
  }

  shared?.onForgotten((slug) => (slug === undefined ? dropAll() : drop(slug)))
  return {
    peek(slug) {
      const entry = entries.get(slug)
      if (entry === undefined) return undefined
      const now = clock.now()
      if (entry.staleAt > now && !isOver(entry.paste.expiresAt, now)) {
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
      if (shared) changed.set(slug, clock.now() + deps.maxAgeMs)
      await shared?.forget(slug)
    },
  }
}
