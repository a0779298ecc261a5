import { CHANGES, type Change, type DayCounters, earlier, KINDS, later, mergeDay, type ViewKind } from './counters.ts'
import { decodeDay } from './encoding.ts'
import { HISTORY, KEPT_DAYS, type PasteViewsRow } from './tables.ts'

/** The sums of one day. */
export type DaySum = Record<ViewKind, number> & { visitors: number; changes: Record<Change, number> }

/** What is known of a slug beyond single hours: sums by day, and of all days together where people came from. */
export type History = {
  days: Map<number, DaySum>
  referrers: Map<string, number>
  countries: Map<string, number>
  firstAt: number | null
  lastAt: number | null
}

/** A history, and the rows that are in it already, whether or not they were removed since. */
export type StoredHistory = History & { folded: Set<string> }

const VERSION = 1
const MOST_HOSTS = 200

/** Nothing yet. */
export function emptyHistory(): StoredHistory {
  return {
    days: new Map(),
    referrers: new Map(),
    countries: new Map(),
    firstAt: null,
    lastAt: null,
    folded: new Set(),
  }
}

/** What tells a row of a slug from its others. */
export function rowName({ day, replica }: Pick<PasteViewsRow, 'day' | 'replica'>): string {
  return `${day} ${replica}`
}

/** Whether this is the row of older days. */
export function isHistory({ day, replica }: Pick<PasteViewsRow, 'day' | 'replica'>): boolean {
  return day === HISTORY.day && replica === HISTORY.replica
}

/** The counters of each day: those of all replicas together. */
export function mergeRows(rows: readonly PasteViewsRow[]): Map<number, DayCounters> {
  const days = new Map<number, DayCounters>()
  for (const row of rows) {
    const counters = decodeDay(row.counters)
    const day = days.get(row.day)
    if (day) mergeDay(day, counters)
    else days.set(row.day, counters)
  }
  return days
}

/** Adds whole days to a history. */
export function addDays(history: History, days: ReadonlyMap<number, DayCounters>): void {
  for (const [number, day] of days) {
    const sum = sumOf(day)
    const known = history.days.get(number)
    history.days.set(number, known ? joined(known, sum) : sum)
    for (const [host, count] of day.referrers) addTo(history.referrers, host, count)
    for (const [country, count] of day.countries) addTo(history.countries, country, count)
    history.firstAt = earlier(history.firstAt, day.firstAt)
    history.lastAt = later(history.lastAt, day.lastAt)
  }
}

/** Lets go of days that are too old on the day `today`. What they did to the other sums stays. */
export function dropOldDays(history: History, today: number): void {
  for (const day of history.days.keys()) if (day <= today - KEPT_DAYS) history.days.delete(day)
}

/** The stored form. */
export function encodeHistory(history: StoredHistory): Buffer {
  const days = [...history.days].map(([day, sum]) => [
    day,
    ...KINDS.map((kind) => sum[kind]),
    sum.visitors,
    ...(CHANGES.some((name) => sum.changes[name] > 0) ? CHANGES.map((name) => sum.changes[name]) : []),
  ])
  return Buffer.from(
    JSON.stringify({
      version: VERSION,
      days,
      referrers: Object.fromEntries(most(history.referrers)),
      countries: Object.fromEntries(history.countries),
      firstAt: history.firstAt,
      lastAt: history.lastAt,
      folded: [...history.folded],
    }),
  )
}

/** What {@link encodeHistory} stored; nothing for what another version did. */
export function decodeHistory(bytes: Uint8Array): StoredHistory {
  const stored = JSON.parse(Buffer.from(bytes).toString())
  if (stored.version !== VERSION) return emptyHistory()
  const days = (stored.days as number[][]).map(([day = 0, page = 0, raw = 0, bot = 0, visitors = 0, ...changes]) => {
    const named = Object.fromEntries(CHANGES.map((name, index) => [name, changes[index] ?? 0])) as Record<
      Change,
      number
    >
    return [day, { page, raw, bot, visitors, changes: named }] as const
  })
  return {
    days: new Map(days),
    referrers: new Map(Object.entries<number>(stored.referrers)),
    countries: new Map(Object.entries<number>(stored.countries)),
    firstAt: stored.firstAt,
    lastAt: stored.lastAt,
    folded: new Set(stored.folded),
  }
}

function sumOf(day: DayCounters): DaySum {
  const sum = { page: 0, raw: 0, bot: 0, visitors: day.visitors.count(), changes: { ...day.changes } }
  day.hours.forEach((count, index) => {
    sum[KINDS[index % KINDS.length] ?? 'bot'] += count
  })
  return sum
}

/** A row that came after its day was folded: its visitors may have been counted with the others. */
function joined(a: DaySum, b: DaySum): DaySum {
  const changes = { ...a.changes }
  for (const name of CHANGES) changes[name] += b.changes[name]
  return { page: a.page + b.page, raw: a.raw + b.raw, bot: a.bot + b.bot, visitors: a.visitors + b.visitors, changes }
}

function addTo(names: Map<string, number>, name: string, by: number): void {
  names.set(name, (names.get(name) ?? 0) + by)
}

function most(hosts: ReadonlyMap<string, number>): [string, number][] {
  return [...hosts].sort((a, b) => b[1] - a[1]).slice(0, MOST_HOSTS)
}
