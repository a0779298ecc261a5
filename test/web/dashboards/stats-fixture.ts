import type { PasteStats, SystemStats } from '../../../src/analytics/index.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 10, 23, 14, 5)

/** The views of a paste that was made some days ago and is read by day. */
export function pasteStatsFixture(slug = 'build-log', age = 12): PasteStats {
  const days = Array.from({ length: age }, (_, index) => {
    const counted = views(40 + 30 * Math.sin(index))
    return { day: iso(NOW - (age - 1 - index) * DAY_MS).slice(0, 10), ...counted, uniqueVisitors: counted.views >> 1 }
  })
  const hours = Array.from({ length: 48 }, (_, index) => ({
    hour: iso(NOW - (NOW % HOUR_MS) - (47 - index) * HOUR_MS),
    ...views(Math.max(0, 6 * Math.sin(index / 4))),
  }))
  const sum = (of: (day: (typeof days)[number]) => number) => days.reduce((total, day) => total + of(day), 0)
  return {
    slug,
    views: sum((day) => day.views),
    pageViews: sum((day) => day.pageViews),
    rawViews: sum((day) => day.rawViews),
    botViews: sum((day) => day.botViews),
    uniqueVisitors: sum((day) => day.uniqueVisitors),
    firstViewAt: iso(NOW - (age - 1) * DAY_MS),
    lastViewAt: iso(NOW - 120_000),
    days,
    hours,
    referrers: [
      { host: 'chat.example', views: 120 },
      { host: 'news.example', views: 31 },
    ],
    countries: [
      { country: 'DE', views: 90 },
      { country: 'IN', views: 44 },
      { country: 'T1', views: 2 },
    ],
  }
}

/** The figures of a service that is used. */
export function systemStatsFixture(): SystemStats {
  const { slug: _slug, firstViewAt: _first, lastViewAt: _last, days, ...paste } = pasteStatsFixture('all', 30)
  const made = (views: number) => ({
    creates: 20 + views,
    createdBytes: (20 + views) * 180_000,
    claims: views % 7,
    edits: views % 5,
    deletes: views % 3,
    ends: 12,
  })
  return {
    ...paste,
    ...made(1_200),
    pastes: { live: 41_203, contentBytes: 9_800_000_000, storedBytes: 2_100_000_000, countedAt: iso(NOW) },
    days: days.map((day) => ({ ...day, ...made(day.views) })),
  }
}

function views(about: number) {
  const pageViews = Math.round(about)
  const rawViews = Math.round(about / 3)
  return { views: pageViews + rawViews, pageViews, rawViews, botViews: Math.round(about / 6) }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
