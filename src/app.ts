import multipart from '@fastify/multipart'
import { type Backends, frameLevel, observeRedis, openBackends, partsOf, prepareStore, ratesOf } from './backends.ts'
import { originalRoutes, shellRoutes } from './clients/index.ts'
import type { Config } from './config.ts'
import { createContent } from './content/index.ts'
import { type Clock, isAppError, type Logger, type RandomSource, randomBelow, readFields } from './core/index.ts'
import { createSweeper } from './expiry/index.ts'
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
import { reservedWords } from './shortening/index.ts'
import { pageSecurityHeaders, renderProblemPage, webRoutes } from './web/index.ts'

/** What the process passes in. */
export type AppDeps = { config: Config; logger: Logger; clock: Clock; random: RandomSource; version: string }

/** The running service. */
export type App = {
  http: HttpServer
  backends: Backends
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
  const backends = await openBackends(config, { logger, clock })
  const { database, store, redis, maxAgeMs } = backends
  const embedded = config.databaseUrl === undefined
  if (config.migrate === 'true' || (config.migrate === 'auto' && embedded)) await migrate(database)

  const metrics = createMetrics()
  const changes = metrics.counter('paste_change_messages_total', 'Messages about changed pastes, by their fate', 'fate')
  const content = createContent({
    store,
    cacheBytes: config.cacheBytes * (1 - PASTES_SHARE),
    inlineMaxBytes: config.inlineMaxBytes,
    second: redis && frameLevel(redis),
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
    cache: {
      maxBytes: config.cacheBytes * PASTES_SHARE,
      maxAgeMs,
      shared: redis && createSharedRows(redis, { clock, random, maxAgeMs, count: changes }),
    },
  })

  const rates = ratesOf(config)
  const guards = createRateGuards(rates, { clock, redis })

  let address = config.publicUrl ?? `http://${config.host}:${config.port}`
  const publicUrl = () => address
  const http = createHttpServer({
    logger,
    trustedProxies: config.trustedProxies,
    idPrefix: random.bytes(4).toString('hex'),
    problemPage: (problem) => ({
      body: renderProblemPage(problem, config.brandName),
      headers: { ...pageSecurityHeaders(address), 'content-type': 'text/html; charset=utf-8' },
    }),
    async beforeProblem(error, request, reply) {
      const isMiss = isAppError(error, 'not_found') && (request.params as { slug?: string } | null)?.slug !== undefined
      return isMiss ? guards.miss(request, reply) : undefined
    },
  })
  const { app } = http
  metrics.observe(app)
  if (redis) observeRedis(redis, metrics)
  allowCrossOrigin(app, config.corsOrigin)
  metrics.gauge('paste_uploads', 'Large uploads under way', uploads.held)
  const aheadSeconds = () => (backends.clockWatch?.offsetMs() ?? Number.NaN) / 1_000
  metrics.gauge('paste_database_clock_ahead_seconds', 'Clock of the database before ours', aheadSeconds)
  metrics.gauge('paste_cached_frame_bytes', 'Memory of cached frames', content.cachedBytes)
  const swept = metrics.counter('paste_swept_total', 'Steps that the sweeper took', 'target')
  const readiness = createReadiness(partsOf(backends), clock.now)

  const serveContent = createServeContent({ content, logger, clock })
  const routeDeps: PasteRouteDeps = {
    pastes,
    serveContent,
    sendClaimed: (reply, claimed, as) => sendClaimed(reply, claimed, { content, logger }, as),
    publicUrl,
    uploads,
    limits: { maxPasteBytes: config.maxPasteBytes, expiry, rates },
    guards,
  }
  openApiRoutes(app, { title: config.brandName, version, publicUrl })
  serviceRoutes(app, { readiness: readiness.ask, metrics, adminToken: config.adminToken })
  pasteRoutes(app, { ...routeDeps, resumable })
  // The multipart parser adds hooks to every route of its scope: reading stays free of them.
  app.register(async (scope) => {
    await scope.register(multipart)
    createRoutes(scope, routeDeps)
    shellRoutes(scope, routeDeps)
    originalRoutes(scope, { ...routeDeps, content })
  })
  webRoutes(app, {
    pastes,
    clock,
    logger,
    brandName: config.brandName,
    publicUrl,
    limits: {
      maxPasteBytes: config.maxPasteBytes,
      minExpiryMs: config.minExpiry,
      maxExpiryMs: config.maxExpiry,
      defaultExpiryMs: config.defaultExpiry,
    },
    sendClaimed: routeDeps.sendClaimed,
    serveContent: (request, reply, paste, as) => serveContent(request, reply, paste, as, as !== 'attachment'),
    readForm: (request, reply) => readFields(sourceOf(request, reply), FORM_LIMIT_BYTES),
    guards,
  })
  await app.ready()
  for (const word of reservedWords(http.paths)) reserved.add(word)

  const startSweeper = () =>
    createSweeper(sweepables, {
      cron: config.sweepSchedule,
      clock,
      logger,
      randomBelow,
      onSwept({ name, purged }) {
        swept(name, purged)
        backends.checkpoint()
      },
    })
  let sweeper: ReturnType<typeof startSweeper> | undefined
  return {
    http,
    backends,
    async start() {
      await prepareStore(store, logger)
      const listening = await http.listen(config.host, config.port)
      sweeper = startSweeper()
      address = config.publicUrl ?? listening
      return address
    },
    drain() {
      readiness.drain()
      http.drain()
    },
    async stop() {
      await sweeper?.stop()
      await app.close()
      await content.close()
      await redis?.close()
      await database.close()
    },
  }
}
