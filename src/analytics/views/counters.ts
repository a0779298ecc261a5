import { createVisitorSet, type VisitorSet } from './visitor-set.ts'

/** How a paste was viewed: its page or its bytes by people, or either by a known bot. */
export const KINDS = ['page', 'raw', 'bot'] as const
export type ViewKind = (typeof KINDS)[number]

/** What else is counted, of the whole service only. */
export const CHANGES = ['creates', 'createdBytes', 'claims', 'edits', 'deletes', 'ends'] as const
export type Change = (typeof CHANGES)[number]

/** What happened to one paste, or to the service, in one day (UTC). Changed in place, many times a second. */
export type DayCounters = {
  /** Views by hour and kind: index hour × 3 + kind. */
  readonly hours: Uint32Array
  readonly visitors: VisitorSet
  /** Views by people by the host that led them here; at most {@link MOST_HOSTS}. */
  readonly referrers: Map<string, number>
  readonly countries: Map<string, number>
  readonly changes: Record<Change, number>
  /** Who was counted last: most who come again do so at once. */
  lastVisitor: number
  /** Epoch ms of the first and the last view by people; null: none. */
  firstAt: number | null
  lastAt: number | null
}

/** One view, as far as it is counted. */
export type View = {
  at: number
  kind: ViewKind
  visitor: number
  referrer: string | null
  country: string | null
}

/** Of hosts and countries that come later, nothing is kept: somebody may make them up. */
export const MOST_HOSTS = 50
const HOUR_MS = 3_600_000

/** A day on which nothing happened yet. */
export function createDayCounters(): DayCounters {
  return {
    hours: new Uint32Array(24 * KINDS.length),
    visitors: createVisitorSet(),
    referrers: new Map(),
    countries: new Map(),
    changes: { creates: 0, createdBytes: 0, claims: 0, edits: 0, deletes: 0, ends: 0 },
    lastVisitor: -1,
    firstAt: null,
    lastAt: null,
  }
}

/** Counts a view. A bot's view is counted as such, and nothing else of it. */
export function countView(day: DayCounters, view: View): void {
  const { at, kind } = view
  const hour = Math.floor(at / HOUR_MS) % 24
  const index = hour * KINDS.length + (kind === 'page' ? 0 : kind === 'raw' ? 1 : 2)
  day.hours[index] = (day.hours[index] ?? 0) + 1
  if (kind === 'bot') return
  if (view.visitor !== day.lastVisitor) {
    day.visitors.add(view.visitor)
    day.lastVisitor = view.visitor
  }
  if (view.referrer !== null) countName(day.referrers, view.referrer, 1)
  if (view.country !== null) countName(day.countries, view.country, 1)
  day.firstAt ??= at
  day.lastAt = at
}

/** Adds what another replica, or the same before, counted of the same day. */
export function mergeDay(into: DayCounters, other: DayCounters): void {
  other.hours.forEach((count, index) => {
    into.hours[index] = (into.hours[index] ?? 0) + count
  })
  into.visitors.merge(other.visitors)
  for (const [host, count] of other.referrers) countName(into.referrers, host, count)
  for (const [country, count] of other.countries) countName(into.countries, country, count)
  for (const name of CHANGES) into.changes[name] += other.changes[name]
  into.firstAt = earlier(into.firstAt, other.firstAt)
  into.lastAt = later(into.lastAt, other.lastAt)
}

/** What a day's counters take in memory, bytes, roughly. */
export function sizeOfDay(day: DayCounters): number {
  return 2_300 + day.visitors.sizeBytes() + 100 * (day.referrers.size + day.countries.size)
}

/** Adds to the count of a name, unless it is a new one among too many. */
export function countName(names: Map<string, number>, name: string, by: number): void {
  const known = names.get(name)
  if (known !== undefined || names.size < MOST_HOSTS) names.set(name, (known ?? 0) + by)
}

/** The earlier of two times; null is none. */
export function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

/** The later of two times; null is none. */
export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}
