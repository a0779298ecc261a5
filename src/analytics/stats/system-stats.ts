import { CHANGES, type Change, type DaySum, dayOf, SYSTEM_SLUG, type ViewRows } from '../views/index.ts'
import type { Census } from './census.ts'
import { dateOf, lastHours, listDays, readKnown, sumsOf, top, totals } from './paste-stats.ts'
import type { SystemStats } from './schema.ts'

const DAYS = 30

/** The figures of the whole service: a few rows, however many pastes there are. Throws what the database does. */
export async function readSystemStats(
  rows: ViewRows,
  census: { read(): Promise<Census | null> },
  now: number,
): Promise<SystemStats> {
  const [counted, { history, recent }] = await Promise.all([census.read(), readKnown(rows, SYSTEM_SLUG, 0)])
  const today = dayOf(now)
  const days = listDays(today - DAYS + 1, today)
  const all = days.flatMap((day) => sumsOf(history, day))
  return {
    pastes: counted && { ...counted, countedAt: new Date(counted.countedAt).toISOString() },
    ...changesOf(all),
    ...totals(all),
    days: days.map((day) => {
      const sums = sumsOf(history, day)
      return { day: dateOf(day), ...totals(sums), ...changesOf(sums) }
    }),
    hours: lastHours(recent, now),
    referrers: top(history.referrers).map(([host, views]) => ({ host, views })),
    countries: top(history.countries).map(([country, views]) => ({ country, views })),
  }
}

function changesOf(days: readonly DaySum[]): Record<Change, number> {
  const sum = { creates: 0, createdBytes: 0, claims: 0, edits: 0, deletes: 0, ends: 0 }
  for (const { changes } of days) for (const name of CHANGES) sum[name] += changes[name]
  return sum
}
