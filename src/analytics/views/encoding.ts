import { CHANGES, createDayCounters, type DayCounters, KINDS } from './counters.ts'
import { createVisitorSet } from './visitor-set.ts'

/** Grows when the shape changes; a reader takes what it doesn't know for nothing. */
const VERSION = 1

/** The stored form of a day: JSON, so that an operator can read it, without what is zero. */
export function encodeDay(day: DayCounters): Buffer {
  const hours: Record<string, number[]> = {}
  for (let hour = 0; hour < 24; hour++) {
    const counts = [...day.hours.subarray(hour * KINDS.length, (hour + 1) * KINDS.length)]
    if (counts.some((count) => count > 0)) hours[hour] = counts
  }
  const changes = CHANGES.some((name) => day.changes[name] > 0) ? { changes: day.changes } : {}
  const visitors = day.visitors.encode().toString('base64')
  const { firstAt, lastAt } = day
  const referrers = Object.fromEntries(day.referrers)
  const countries = Object.fromEntries(day.countries)
  return Buffer.from(
    JSON.stringify({ version: VERSION, hours, visitors, referrers, countries, ...changes, firstAt, lastAt }),
  )
}

/** What {@link encodeDay} stored; an empty day for what another version did. */
export function decodeDay(bytes: Uint8Array): DayCounters {
  const stored = JSON.parse(Buffer.from(bytes).toString())
  const day = createDayCounters()
  if (stored.version !== VERSION) return day
  for (const [hour, counts] of Object.entries(stored.hours as Record<string, number[]>))
    day.hours.set(counts, Number(hour) * KINDS.length)
  return {
    ...day,
    visitors: createVisitorSet(Buffer.from(stored.visitors, 'base64')),
    referrers: new Map(Object.entries<number>(stored.referrers)),
    countries: new Map(Object.entries<number>(stored.countries)),
    changes: { ...day.changes, ...stored.changes },
    firstAt: stored.firstAt,
    lastAt: stored.lastAt,
  }
}
