import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { AnalyticsEvent } from '../../../src/analytics/events/schema.ts'
import { createPasteAnalytics } from '../../../src/analytics/paste-analytics.ts'
import type { ViewTables } from '../../../src/analytics/views/tables.ts'
import { type PasteAction, systemRandom, type Via } from '../../../src/core/index.ts'
import { sweep } from '../../../src/expiry/sweeper.ts'
import { createMysql, type Database, migrate } from '../../../src/platform/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'

/** Noon of a day (UTC). */
export const NOON = 1_800_014_400_000
export const DAY_MS = 86_400_000

/** Who asks in these tests. */
export type Asking = { ip?: string; agent?: string; referrer?: string; country?: string; via?: Via; slug?: string }

/** Replicas that count on one database, with a clock that only tests move. */
export type ViewsWorld = {
  readonly database: Database<ViewTables>
  readonly time: { now: number }
  /** Another replica, and what its sink got. */
  replica(database?: Database<ViewTables>): Replica
  /** One sweep of each of these replicas, all at once. */
  sweep(...replicas: Replica[]): Promise<void>
  /** All rows of all tables, as text. */
  dump(): Promise<string>
}

export type Replica = ReturnType<typeof createPasteAnalytics> & {
  sent: AnalyticsEvent[]
  happens(action: PasteAction, asking?: Asking, paste?: { visibility?: 'public' | 'private'; maxViews?: number }): void
}

/** A handle on a database of MySQL's kind. */
export function connect(url: string): Promise<Database<ViewTables>> {
  return createMysql<ViewTables>({ url, logger: silentLogger, random: () => 0.5 })
}

/** The world on the database that `open` gives, with empty tables for each test; `end` runs once that is closed. */
export function useViews(open: () => Promise<Database<ViewTables>>, end = async () => {}): ViewsWorld {
  let database: Database<ViewTables>
  const time = { now: NOON }
  const clock = { now: () => time.now }
  const running: Replica[] = []
  beforeAll(async () => {
    database = await open()
    await migrate(database)
  })
  afterEach(async () => {
    for (const replica of running.splice(0)) await replica.stop()
    for (const table of ['paste_views', 'analytics_values'] as const) await database.db.deleteFrom(table).execute()
    time.now = NOON
  })
  afterAll(async () => {
    await database.close()
    await end()
  })

  return {
    get database() {
      return database
    },
    time,
    replica(on = database) {
      const sent: AnalyticsEvent[] = []
      const sink = { name: 'test', send: async (events: readonly AnalyticsEvent[]) => void sent.push(...events) }
      const analytics = createPasteAnalytics({
        db: on.db,
        clock,
        logger: silentLogger,
        random: systemRandom,
        replica: `replica-${running.length}`,
        sink: { ...sink, close: async () => {} },
        countryHeader: 'cf-ipcountry',
        ownHost: () => 'paste.example',
        countPastes: async () => ({ live: 0, contentBytes: 0, storedBytes: 0 }),
        writesAtOnce: 4,
      })
      const replica: Replica = {
        ...analytics,
        sent,
        happens(action, { via = 'raw', slug = 'hello', ...asking } = {}, { visibility = 'public', maxViews } = {}) {
          const paste = { slug, visibility, maxViews: maxViews ?? null, content: { sizeBytes: 12 } }
          analytics.events.happened(action, via, paste, via === 'sweeper' ? null : requestOf(asking))
        },
      }
      running.push(replica)
      return replica
    },
    async sweep(...replicas) {
      const deps = { clock, logger: silentLogger, randomBelow: () => 0, signal: new AbortController().signal }
      await Promise.all(replicas.map(({ sweepable }) => sweep(sweepable, deps)))
    },
    async dump() {
      const rows = await Promise.all([
        sql`select * from paste_views`.execute(database.db),
        sql`select * from analytics_values`.execute(database.db),
        sql`select * from pastes`.execute(database.db),
      ])
      const asText = (_key: string, value: unknown) =>
        value && typeof value === 'object' && 'data' in value ? Buffer.from(value.data as number[]).toString() : value
      return JSON.stringify(rows, asText)
    },
  }
}

/** As much of a request as is looked at; it came through a proxy that may be believed. */
function requestOf({ ip = '192.0.2.1', agent = 'Mozilla/5.0 Firefox/140.0', referrer, country }: Asking) {
  const headers = { 'user-agent': agent, referer: referrer, 'cf-ipcountry': country }
  return { ip, raw: { headers, socket: { remoteAddress: '10.0.0.9' } } } as unknown as FastifyRequest
}
