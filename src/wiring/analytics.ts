import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { createPasteAnalytics, type EventSink, type PasteAnalytics, statsRoutes } from '../analytics/index.ts'
import type { Clock, Logger, RandomSource } from '../core/index.ts'
import { countPastes, ownerRequest, type PasteRouteDeps } from '../paste/index.ts'
import type { Metrics } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import type { Backends } from './backends.ts'
import { operatorsOnly } from './operators.ts'

export type { PasteAnalytics }

/** What counting needs of the rest of the house. */
export type AnalyticsDeps = {
  config: Config
  backends: Backends
  metrics: Metrics
  clock: Clock
  logger: Logger
  random: RandomSource
  publicUrl(): string
  /** The name of this replica. */
  recording: { readonly replica: string }
}

/** Between two pages of a walk over all pastes. */
const WALK_PAUSE_MS = 20

/** Counts what the rooms tell, shows how that does, and sends it on where the configuration names somewhere. */
export async function openAnalytics(deps: AnalyticsDeps): Promise<PasteAnalytics> {
  const { config, backends, clock, metrics } = deps
  const { db } = backends.database
  const analytics = createPasteAnalytics({
    ...deps,
    db,
    replica: deps.recording.replica,
    sink: await openSink(config),
    countryHeader: config.trustedProxies && config.countryHeader,
    ownHost: () => URL.parse(deps.publicUrl())?.hostname ?? '',
    countPastes: () => countPastes(db, { now: clock.now(), pause: () => delay(WALK_PAUSE_MS) }),
    // An embedded database commits together what comes together; in the network, others want connections too.
    writesAtOnce: config.databaseUrl ? 4 : 16,
  })
  registerAnalyticsMetrics(metrics, analytics)
  return analytics
}

/** Adds `GET /api/v1/pastes/:slug/stats` and `GET /api/v1/stats`. */
export function analyticsRoutes(
  app: FastifyInstance,
  analytics: PasteAnalytics,
  { config, pastes, guards }: Pick<PasteRouteDeps, 'pastes' | 'guards'> & { config: Config },
): void {
  statsRoutes(app, {
    ...analytics,
    guards: { read: guards.read, owner: guards.owner },
    requireAdmin: operatorsOnly(config),
    async owned(request) {
      const { slug, editToken } = ownerRequest(request)
      return { slug, createdAt: await pastes.createdAt(slug, editToken) }
    },
  })
}

async function openSink({ kafkaBrokers, kafkaTopic }: Config): Promise<EventSink | undefined> {
  if (kafkaBrokers === undefined) return undefined
  const { createKafkaSink } = await import('../analytics/stream/index.ts')
  return createKafkaSink({ brokers: kafkaBrokers, topic: kafkaTopic, clientId: `paste-${hostname()}` })
}

function registerAnalyticsMetrics(metrics: Metrics, { state }: PasteAnalytics): void {
  const buffer = () => state().buffer
  metrics.gauge('paste_view_counters_waiting', 'Counters of views not yet in the database', () => state().waiting)
  metrics.total('paste_views_lost_total', 'Views that could not be counted', () => state().lost)
  metrics.gauge('paste_events_waiting', 'Events that wait for the sink', () => buffer()?.waiting)
  metrics.gauge('paste_events_waiting_bytes', 'What they take in memory', () => buffer()?.bytes)
  metrics.total('paste_events_sent_total', 'Events that the sink took', () => buffer()?.sent)
  metrics.total('paste_events_dropped_total', 'Events that went nowhere: no room, or no time', () => buffer()?.dropped)
  metrics.total('paste_event_failures_total', 'Sends that the sink refused', () => buffer()?.failures)
}
