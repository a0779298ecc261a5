import multipart from '@fastify/multipart'
import { originalRoutes, shellRoutes } from './clients/index.ts'
import { createContent } from './content/index.ts'
import { type Clock, isAppError, type Logger, type RandomSource, randomBelow } from './core/index.ts'
import { createSweeper } from './expiry/index.ts'
import { readFields } from './http/index.ts'
import {
  createGate,
  createPastes,
  createRoutes,
  createServeContent,
  createSharedRows,
  type PasteRouteDeps,
  pasteRoutes,
  sendClaimed,
  sourceOf,
} from './paste/index.ts'
import {
  allowCrossOrigin,
  createHttpServer,
  createMetrics,
  createRateGuards,
  createReadiness,
  type HttpServer,
  migrate,
  openApiRoutes,
  serviceRoutes,
} from './platform/index.ts'
import type { Config } from './settings/index.ts'
import { reservedWords } from './shortening/index.ts'
import { pageSecurityHeaders, renderProblemPage, webRoutes } from './web/index.ts'
import {
  analyticsRoutes,
  type Backends,
  openAnalytics,
  openBackends,
  openDashboards,
  openRecording,
  openTraces,
  type PasteAnalytics,
  pageLimitsOf,
  partsOf,
  prepareStoreUntilReady,
  ratesOf,
  registerServiceMetrics,
  sharedFrames,
} from './wiring/index.ts'

/** What the process passes in. */
export type AppDeps = { config: Config; logger: Logger; clock: Clock; random: RandomSource; version: string }

/** The running service. */
export type App = {
  http: HttpServer
  backends: Backends
  analytics: PasteAnalytics
  /** Listens; gives the address that users see. */
  start(): Promise<string>
  /** No new work is to come: not ready, and every answer closes its connection. */
  drain(): void
  /** Ends everything that was started, in order. */
  stop(): Promise<void>
}

/** Of the cache's memory, what pastes with small bodies get; frames get the rest. */
const PASTES_SHARE = 0.5

/** The form without scripts: 1 MiB of text, which the encoding of forms can make three times as long. */
const FORM_LIMIT_BYTES = 3 * 1024 * 1024

/** Wires the rooms to the parts that the configuration names: the one file that knows them all. */
export async function createApp({ config, logger, clock, random, version }: AppDeps): Promise<App> {
  const metrics = createMetrics(clock.now)
  const tracing = await openTraces(config, { logger, metrics, version })
  const recording = openRecording({ config, metrics, tracing, clock, logger, random, version })
  const backends = await openBackends(config, { logger, clock }, recording)
  const { database, store, redis, maxAgeMs } = backends
  const embedded = config.databaseUrl === undefined
  if (config.migrate === 'true' || (config.migrate === 'auto' && embedded)) await migrate(database)

  let address = config.publicUrl ?? `http://${config.host}:${config.port}`
  const publicUrl = () => address
  const analytics = await openAnalytics({ config, backends, metrics, clock, logger, random, publicUrl, recording })
  const { events } = analytics
  const changes = metrics.counter('paste_change_messages_total', 'Messages about changed pastes, by their fate', 'fate')
  const content = createContent({
    store,
    cacheBytes: config.cacheBytes * (1 - PASTES_SHARE),
    inlineMaxBytes: config.inlineMaxBytes,
    second: redis && sharedFrames(redis),
    ...recording.ofContent,
  })
  const expiry = { defaultMs: config.defaultExpiry, minMs: config.minExpiry, maxMs: config.maxExpiry }
  const reserved = new Set<string>()
  const uploads = createGate(config.maxUploads)
  const { pastes, resumable, sweepables } = createPastes({
    db: database.db,
    content,
    clock,
    random,
    limits: config,
    expiry,
    reserved,
    uploads,
    events,
    cache: {
      maxBytes: config.cacheBytes * PASTES_SHARE,
      maxAgeMs,
      count: recording.cache('pastes'),
      shared: redis && createSharedRows(redis, { clock, random, maxAgeMs, count: changes }),
    },
  })

  const rates = ratesOf(config)
  const guards = createRateGuards(rates, { clock, redis })

  const http = createHttpServer({
    logger,
    trustedProxies: config.trustedProxies,
    idPrefix: random.bytes(4).toString('hex'),
    problemPage: (problem) => ({
      body: renderProblemPage(problem, config.brandName),
      headers: { ...pageSecurityHeaders(address), 'content-type': 'text/html; charset=utf-8' },
    }),
    async beforeProblem(error, request, reply) {
      timeOther(request, reply)
      const isMiss = isAppError(error, 'not_found') && (request.params as { slug?: string } | null)?.slug !== undefined
      return isMiss ? guards.miss(request, reply) : undefined
    },
  })
  const { app } = http
  const timeOther = recording.observeRequests(app)
  allowCrossOrigin(app, config.corsOrigin)
  const readiness = createReadiness(partsOf(backends), clock.now)
  const claims = createGate(Number.POSITIVE_INFINITY)
  registerServiceMetrics(metrics, { config, version, backends, readiness, uploads, claims, content })

  const serveContent = createServeContent({ content, logger, clock, events })
  const routeDeps: PasteRouteDeps = {
    pastes,
    events,
    serveContent,
    sendClaimed: (reply, claimed, as) => claims.hold(() => sendClaimed(reply, claimed, { content, logger }, as)),
    publicUrl,
    uploads,
    limits: { maxPasteBytes: config.maxPasteBytes, expiry, rates },
    guards,
  }
  openApiRoutes(app, { title: config.brandName, version, publicUrl })
  serviceRoutes(app, { readiness: readiness.ask, metrics, adminToken: config.adminToken })
  pasteRoutes(app, { ...routeDeps, resumable })
  analyticsRoutes(app, analytics, { ...routeDeps, config })
  const recordings = recording.keep(app, database, sweepables)
  // The multipart parser adds hooks to every route of its scope: reading stays free of them.
  app.register(async (scope) => {
    await scope.register(multipart)
    createRoutes(scope, routeDeps)
    shellRoutes(scope, routeDeps)
    originalRoutes(scope, { ...routeDeps, content })
  })
  webRoutes(app, {
    ...routeDeps,
    figures: openDashboards(app, { config, backends, pastes, analytics, recordings }),
    clock,
    logger,
    brandName: config.brandName,
    limits: pageLimitsOf(config),
    readForm: (request, reply) => readFields(sourceOf(request, reply), FORM_LIMIT_BYTES),
  })
  await app.ready()
  for (const word of reservedWords(http.paths)) reserved.add(word)

  const startSweeper = () =>
    createSweeper([...sweepables, analytics.sweepable], {
      cron: config.sweepSchedule,
      clock,
      logger,
      randomBelow,
      onSwept(result) {
        recording.swept(result)
        backends.checkpoint()
      },
    })
  let sweeper: ReturnType<typeof startSweeper> | undefined
  return {
    http,
    backends,
    analytics,
    async start() {
      await prepareStoreUntilReady(store, logger)
      const listening = await http.listen(config.host, config.port)
      sweeper = startSweeper()
      address = config.publicUrl ?? listening
      return address
    },
    drain() {
      readiness.drain()
      recordings.live?.stop()
      http.drain()
    },
    async stop() {
      await sweeper?.stop()
      await app.close()
      await Promise.all([analytics.stop(), recordings.stop()])
      await content.close()
      await redis?.close()
      await database.close()
      await tracing?.close()
    },
  }
}
