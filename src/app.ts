import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { clientRoutes, otherHome } from './clients/index.ts'
import { type Clock, createMemoryAccount, type Logger, monotonicOf, type RandomSource } from './core/index.ts'
import { memoryRefusal, readFields } from './http/index.ts'
import { createDenied, moderationRoutes } from './moderation/index.ts'
import {
  createRoutes,
  createServeContent,
  createUploadSlots,
  type PasteRouteDeps,
  pasteRoutes,
  sendClaimed,
  sourceOf,
} from './paste/index.ts'
import {
  clientKey,
  createMetrics,
  createPartLog,
  createReadiness,
  type HttpServer,
  migrate,
  openApiRoutes,
  type Readiness,
  requireOperator,
  serviceRoutes,
  watchParts,
} from './platform/index.ts'
import { basePath, type Config } from './settings/index.ts'
import { reservedWords } from './shortening/index.ts'
import { webRoutes } from './web/index.ts'
import {
  analyticsRoutes,
  type Backends,
  memoryBudget,
  openAccess,
  openAnalytics,
  openBackends,
  openDashboards,
  openHttp,
  openPastes,
  openRecording,
  openTermbin,
  openTraces,
  operatorsOnly,
  type PasteAnalytics,
  pageLimitsOf,
  readinessChecks,
  registerServiceMetrics,
  routeLimitsOf,
  startSweeper,
  watchWrongValues,
} from './wiring/index.ts'

/** What the process passes in. */
export type AppDeps = {
  config: Config
  logger: Logger
  clock: Clock
  random: RandomSource
  version: string
  /** Lines that the logger could not write, for the metrics. */
  droppedLogLines?: (() => number) | undefined
}

/** The running service. */
export type App = {
  http: HttpServer
  backends: Backends
  analytics: PasteAnalytics
  readiness: Readiness
  /** The port of `TCP_PORT`, once it listens. */
  tcpPort?: number
  /** Listens; gives the address that users see. */
  start(): Promise<string>
  /** Takes no new work: not ready, and every answer closes its connection. */
  drain(): void
  /** Ends everything that was started, in order. */
  stop(): Promise<void>
}

/** The form without scripts: 1 MiB of text, which the encoding of forms can make three times as long. */
const FORM_LIMIT_BYTES = 3 * 1024 * 1024

/** Opens what the configuration names and joins the rooms with it: the table of contents of the service. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { config, logger, random, version } = deps

  // Observers, then what they observe: the database, the store, Redis.
  const metrics = createMetrics(deps.clock.now)
  const tracing = await openTraces(config, { logger, metrics, version })
  const recording = openRecording({ ...deps, metrics, tracing })
  const backends = await openBackends(config, { logger, clock: deps.clock }, recording)
  const { database, store, redis, clock, watchedClock } = backends
  if (config.migrate === 'true' || (config.migrate === 'auto' && !config.databaseUrl)) await migrate(database)
  const wrong = watchWrongValues({ metrics, clock, logger })
  const readiness = createReadiness(
    readinessChecks(backends, { ...wrong, config }),
    monotonicOf(clock),
    createPartLog(logger),
  )

  // Pastes, and who counts what happens to them.
  let address = config.publicUrl ?? `http://${config.host}:${config.port}`
  const publicUrl = () => address
  const analytics = await openAnalytics({ config, backends, metrics, clock, logger, random, publicUrl, recording })
  const { events } = analytics
  const denied = createDenied(database.db, { clock, random })
  const opened = openPastes({ ...deps, backends, metrics, recording, wrong, events, clock, screen: denied })
  const { pastes, resumable, sweepables, content, uploads, reserved } = opened
  const claims = createUploadSlots(Number.POSITIVE_INFINITY)
  const memory = createMemoryAccount(memoryBudget(config), memoryRefusal)
  registerServiceMetrics(metrics, { ...deps, backends, readiness, uploads, claims, memory, content })

  // HTTP.
  const access = openAccess({ config, backends, clock })
  const { http, guards } = openHttp({ ...deps, access, clock, redis, recording, wrong, uploads, memory, publicUrl })
  const { app } = http
  const routeDeps: PasteRouteDeps = {
    pastes,
    events,
    serveContent: createServeContent({ content, logger, clock, events }),
    sendClaimed: (reply, claimed, as) => claims.run(() => sendClaimed(reply, claimed, { content, logger }, as)),
    publicUrl,
    base: basePath(config),
    limits: routeLimitsOf(config),
    guards,
  }
  openApiRoutes(app, { title: config.brandName, version, publicUrl })
  serviceRoutes(app, { readiness: readiness.ask, metrics, requireAdmin: operatorsOnly(config) })
  pasteRoutes(app, { ...routeDeps, resumable })
  const onlyOperators = (request: FastifyRequest) => requireOperator(request, config.adminToken)
  moderationRoutes(app, { ...routeDeps, denied, requireOperator: onlyOperators })
  analyticsRoutes(app, analytics, { ...routeDeps, config })
  const recordings = recording.keep(app, database, sweepables)
  const dialectDeps = { ...routeDeps, content, clock, random }
  // The multipart parser adds hooks to every route of its scope: reading stays free of them.
  app.register(async (scope) => {
    await scope.register(multipart)
    createRoutes(scope, routeDeps)
    clientRoutes(scope, dialectDeps, config.dialects)
  })
  webRoutes(app, {
    ...routeDeps,
    dashboards: openDashboards(app, { config, backends, pastes, analytics, recordings, readiness }),
    otherHome: otherHome(dialectDeps, config.dialects),
    clock,
    logger,
    brandName: config.brandName,
    limits: pageLimitsOf(config),
    clientOf: ({ ip }) => clientKey(ip),
    readForm: (request, reply) => readFields(sourceOf(request, reply), FORM_LIMIT_BYTES),
  })
  await app.ready()
  for (const word of reservedWords(http.paths)) reserved.add(word)

  // The life of the process.
  let sweeper: ReturnType<typeof startSweeper> | undefined
  let endWatch: (() => void) | undefined
  const termbin = config.tcpPort === undefined ? undefined : openTermbin(http)
  const service: App = {
    http,
    backends,
    analytics,
    readiness,
    async start() {
      if (store.name !== 's3') await store.prepare()
      // Causes are told before the words to the user, and what works now is known as a part that has worked.
      await readiness.ask()
      endWatch = watchParts(readiness)
      if (clock.doubt?.()) await watchedClock?.look()
      const listening = await http.listen(config.host, config.port)
      if (termbin) service.tcpPort = await termbin.listen(config.host, config.tcpPort ?? 0)
      sweeper = startSweeper([...sweepables, analytics.sweepable], { config, backends, recording, clock, logger })
      address = config.publicUrl ?? listening
      return address
    },
    drain() {
      readiness.drain()
      recordings.live?.stop()
      http.drain()
    },
    async stop() {
      endWatch?.()
      await termbin?.close()
      await sweeper?.stop()
      await app.close()
      await Promise.all([analytics.stop(), recordings.stop()])
      await content.close()
      await redis?.close()
      watchedClock?.stop()
      await backends.disk?.close()
      await database.close()
      await tracing?.close()
    },
  }
  return service
}
