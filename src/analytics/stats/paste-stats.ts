import {
  addDays,
  DAY_MS,
  type DayCounters,
  type DaySum,
  dayOf,
  decodeHistory,
  emptyHistory,
  type History,
  isHistory,
  KEPT_DAYS,
  mergeRows,
  rowName,
  type ViewRows,
} from '../views/index.ts'
import type { PasteStats } from './schema.ts'

const HOURS = 48
const HOUR_MS = 3_600_000
const MOST_LISTED = 20

/** What is known of a slug: its days, and the hours of those that weren't folded yet. */
export type Known = { history: History; recent: ReadonlyMap<number, DayCounters> }

/** Reads everything that is kept of a slug since a day: with older days a slug may have been another paste's. */
export async function readKnown(rows: ViewRows, slug: string, since: number): Promise<Known> {
  const found = (await rows.all(slug)).filter((row) => isHistory(row) || row.day >= since)
  const stored = found.find(isHistory)
  const history = stored ? decodeHistory(stored.counters) : emptyHistory()
  const recent = mergeRows(found.filter((row) => !isHistory(row) && !history.folded.has(rowName(row))))
  const isOthers = [...history.days.keys()].some((day) => day < since)
  const own = isOthers ? { ...emptyHistory(), days: history.days } : history
  addDays(own, recent)
  for (const day of own.days.keys()) if (day < since) own.days.delete(day)
  return { history: own, recent }
}

/** The figures of one paste, made at `createdAt`, for its owner. Throws what the database does. */
export async function readPasteStats(
  rows: ViewRows,
  { slug, createdAt }: { slug: string; createdAt: number },
  now: number,
): Promise<PasteStats> {
  const today = dayOf(now)
  const first = Math.max(dayOf(createdAt), today - KEPT_DAYS + 1)
  const { history, recent } = await readKnown(rows, slug, dayOf(createdAt))
  return {
    slug,
    ...totals([...history.days.values()]),
    firstViewAt: timestamp(history.firstAt),
    lastViewAt: timestamp(history.lastAt),
    days: listDays(first, today).map((day) => ({ day: dateOf(day), ...totals(sumsOf(history, day)) })),
    hours: lastHours(recent, now),
    referrers: top(history.referrers).map(([host, views]) => ({ host, views })),
    countries: top(history.countries).map(([country, views]) => ({ country, views })),
  }
}

/** Views of some days together, and visitors summed by day. */
export function totals(days: readonly DaySum[]) {
  const sum = { views: 0, pageViews: 0, rawViews: 0, botViews: 0, uniqueVisitors: 0 }
  for (const { page, raw, bot, visitors } of days) {
    sum.views += page + raw
    sum.pageViews += page
    sum.rawViews += raw
    sum.botViews += bot
    sum.uniqueVisitors += visitors
  }
  return sum
}

/** The sums of a day, if there are any. */
export function sumsOf({ days }: History, day: number): DaySum[] {
  const sum = days.get(day)
  return sum ? [sum] : []
}

/** The numbers of the days from `first` to `last`. */
export function listDays(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

/** The views of the last 48 hours, the one that runs included. */
export function lastHours(recent: ReadonlyMap<number, DayCounters>, now: number) {
  const last = Math.floor(now / HOUR_MS)
  return Array.from({ length: HOURS }, (_, index) => {
    const hour = last - HOURS + 1 + index
    const counts = recent.get(Math.floor(hour / 24))?.hours.subarray((hour % 24) * 3)
    const [page = 0, raw = 0, bot = 0] = counts ?? []
    return {
      hour: new Date(hour * HOUR_MS).toISOString(),
      views: page + raw,
      pageViews: page,
      rawViews: raw,
      botViews: bot,
    }
  })
}

/** The names with the highest counts, at most 20; the same order for the same counts. */
export function top(names: ReadonlyMap<string, number>): [string, number][] {
  return [...names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_LISTED)
}

/** A day (UTC) as RFC 3339 `full-date`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

function timestamp(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
