import { type Clock, inBackground, type Logger } from '../../core/index.ts'
import { createDayCounters, type DayCounters, sizeOfDay } from './counters.ts'
import { createPauses } from './pauses.ts'
import type { ViewRows } from './rows.ts'
import { createSavedDay, type SavedDay } from './save.ts'
import { DAY_MS, dayOf } from './tables.ts'

/** The counters of this process: in memory, and every now and then written to rows that it alone writes. */
export type ViewKeeper = {
  /** The counters of a slug for what happened `at` (epoch ms), to be changed now; undefined when there is no room. */
  touch(slug: string, at: number): DayCounters | undefined
  /** Lets go of a slug whose paste is gone for good, here and in the database. */
  forget(slug: string): void
  /**
   * Writes what has changed, one row each, evenly over `overMs` (0: as fast as it can be, even if one under way was
   * given more time); what fails is tried again at the next flush. Never throws.
   */
  flush(overMs?: number): Promise<void>
  /** Counters in memory that aren't written yet, and those that were lost since the start. */
  state(): { waiting: number; lost: number }
}

/** What a keeper needs. */
export type ViewKeeperDeps = {
  rows: ViewRows
  clock: Clock
  logger: Logger
  /** This process, 1 to 16 characters; no other that ever wrote to the database has the same. */
  replica: string
  /** Statements under way at once. */
  atOnce: number
  /** Memory from which on a flush is due at once; twice as much is the most there ever is. */
  maxBytes?: number
}

const MAX_BYTES = 12 * 1024 * 1024
/** Counters idle for this long leave memory; the next view reads them back. */
const IDLE_MS = 300_000
const MOST_FORGOTTEN = 10_000
/** While memory is full and the database away, it is tried no more often than this. */
const PAUSE_MS = 1_000

type Entry = { counters: DayCounters; saved: SavedDay; slug: string; day: number; touchedAt: number; sizeBytes: number }

/**
 * Keeps counters. Hot pastes cost one statement for each flush, however often they are viewed; what is cold leaves
 * memory once it is written. While the database is away counters wait; where they would take more than twice
 * `maxBytes`, new ones are refused, which is counted.
 */
export function createViewKeeper(deps: ViewKeeperDeps): ViewKeeper {
  const { clock, logger, maxBytes = MAX_BYTES } = deps
  const days = new Map<number, Map<string, Entry>>()
  /** The day that was asked for last, which is nearly always the one that is asked for next. */
  let latest = { day: -1, entries: new Map<string, Entry>() }
  const forgotten = new Set<string>()
  let sizeBytes = 0
  let count = 0
  let lost = 0
  let flushing: Promise<void> | undefined
  let flushAgainAt = 0
  const pauses = createPauses()

  function add(slug: string, day: number, entries: Map<string, Entry>): Entry | undefined {
    if (sizeBytes >= maxBytes && clock.now() >= flushAgainAt) inBackground(flush)
    if (sizeBytes >= 2 * maxBytes) {
      lost++
      return undefined
    }
    const counters = createDayCounters()
    const saved = createSavedDay(deps, { slug, day, counters, id: (count++).toString(36) })
    const entry = { counters, saved, slug, day, touchedAt: 0, sizeBytes: 0 }
    entries.set(slug, entry)
    return entry
  }

  function entriesOf(day: number): Map<string, Entry> {
    if (day === latest.day) return latest.entries
    let entries = days.get(day)
    if (entries === undefined) {
      entries = new Map()
      days.set(day, entries)
    }
    latest = { day, entries }
    return entries
  }

  function weigh(entry: Entry): void {
    const now = sizeOfDay(entry.counters)
    sizeBytes += now - entry.sizeBytes
    entry.sizeBytes = now
  }

  function drop(entry: Entry): void {
    sizeBytes -= entry.sizeBytes
    days.get(entry.day)?.delete(entry.slug)
  }

  const all = () => [...days.values()].flatMap((entries) => [...entries.values()])

  /** Of what is written, the idle goes, and while memory is short what was touched longest ago. */
  function tidy(): void {
    const idleSince = clock.now() - IDLE_MS
    const written = all().filter(({ saved }) => !saved.isDirty())
    // Only then: sorting tens of thousands holds the loop up.
    if (sizeBytes > maxBytes / 2) written.sort((a, b) => a.touchedAt - b.touchedAt)
    for (const entry of written) if (entry.touchedAt <= idleSince || sizeBytes > maxBytes / 2) drop(entry)
    for (const [day, entries] of days) if (entries.size === 0 && day !== latest.day) days.delete(day)
  }

  /** A day that ended a day ago may be folded elsewhere soon, without what would still come. */
  function giveUpOld(now: number): void {
    for (const [day, entries] of days) {
      if ((day + 2) * DAY_MS > now) continue
      for (const entry of entries.values()) {
        if (entry.saved.isDirty()) lost++
        drop(entry)
      }
    }
  }

  async function save(entry: Entry): Promise<void> {
    const isThere = await entry.saved.save()
    // It may have been let go meanwhile.
    if (days.get(entry.day)?.get(entry.slug) !== entry) return
    weigh(entry)
    if (!isThere) drop(entry)
  }

  async function forgetSome(): Promise<void> {
    for (const slug of forgotten) {
      await deps.rows.forget(slug)
      forgotten.delete(slug)
    }
  }

  async function flushOnce(overMs: number): Promise<void> {
    giveUpOld(clock.now())
    const dirty = all().filter((entry) => entry.saved.isDirty())
    const pauseMs = (overMs * deps.atOnce) / Math.max(1, dirty.length)
    try {
      // All at once, the thousands of a busy service would hold up everything else for a good part of a second.
      for (let first = 0; first < dirty.length; first += deps.atOnce) {
        await Promise.all(dirty.slice(first, first + deps.atOnce).map(save))
        await pauses.pause(pauseMs)
      }
      await forgetSome()
    } catch (error) {
      logger.warn({ err: error }, 'views could not be written; they are kept and tried again')
    }
    tidy()
  }

  function flush(overMs = 0): Promise<void> {
    if (overMs === 0) pauses.endAll()
    flushing ??= flushOnce(overMs).finally(() => {
      flushing = undefined
      pauses.allow()
      flushAgainAt = clock.now() + PAUSE_MS
    })
    return flushing
  }

  return {
    touch(slug, at) {
      const day = dayOf(at)
      const entries = entriesOf(day)
      const entry = entries.get(slug) ?? add(slug, day, entries)
      if (entry === undefined) return undefined
      entry.saved.changed()
      // Its size is taken when it is new and when it is written: in between it can only grow a little.
      if (entry.sizeBytes === 0) weigh(entry)
      entry.touchedAt = at
      return entry.counters
    },
    forget(slug) {
      for (const entries of days.values()) {
        const entry = entries.get(slug)
        if (entry) drop(entry)
      }
      // What doesn't fit goes when it is too old.
      if (forgotten.size < MOST_FORGOTTEN) forgotten.add(slug)
    },
    flush,
    state: () => ({ waiting: all().filter((entry) => entry.saved.isDirty()).length, lost }),
  }
}
