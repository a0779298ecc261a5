import type { onRequestHookHandler } from 'fastify'
import {
  type Clock,
  isAppError,
  type Logger,
  type MemoryAccount,
  monotonicOf,
  type RandomSource,
} from '../core/index.ts'
import { createIntake, type Intake, type SharedIntake } from '../http/index.ts'
import type { PasteRouteDeps } from '../paste/index.ts'
import {
  allowCrossOrigin,
  clientKey,
  createHttpServer,
  createRateGuards,
  descriptorLimit,
  type HttpServer,
  mostConnections,
  type Redis,
} from '../platform/index.ts'
import { basePath, type Config } from '../settings/index.ts'
import { createProblemPages, pageSecurityHeaders } from '../web/index.ts'
import type { openAccess } from './access.ts'
import { ratesOf } from './limits.ts'
import type { Recording } from './recording.ts'
import type { WrongValues } from './wrong-values.ts'

/** What the HTTP server is joined with. */
export type HttpDeps = {
  config: Config
  logger: Logger
  clock: Clock
  random: RandomSource
  redis: Redis | undefined
  recording: Recording
  wrong: WrongValues
  /** Places for large bodies, and the memory that bodies may take. */
  uploads: SharedIntake['places']
  memory: MemoryAccount
  publicUrl(): string
  /** Who may create and read. */
  access: ReturnType<typeof openAccess>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request holds while its body comes. No decorator of Fastify's, as for `meter`. */
    intake?: Intake
  }
}

const APPLE_ICON = /^apple-touch-icon[\w-]*\.png$/

/** Makes the HTTP server, not yet listening and without routes: requests are timed, limited, and fail with a problem. */
export function openHttp(deps: HttpDeps): { http: HttpServer; guards: PasteRouteDeps['guards'] } {
  const { config, logger, clock, random, redis, recording, wrong, publicUrl, access } = deps
  const rates = { clock: { now: monotonicOf(clock) }, redis, refused: () => wrong.refused('rate') }
  const guards = createRateGuards(ratesOf(config), rates)
  const intake = bodyIntake(deps)
  const base = basePath(config)
  const problemPage = createProblemPages(config.brandName, base)
  const http = createHttpServer({
    logger,
    base,
    trustedProxies: config.trustedProxies,
    mostConnections: config.maxConnections ?? mostConnections(descriptorLimit()),
    idPrefix: random.bytes(4).toString('hex'),
    problemPage: (problem) => ({
      body: problemPage(problem),
      headers: { ...pageSecurityHeaders(publicUrl()), 'content-type': 'text/html; charset=utf-8' },
    }),
    async beforeProblem(error, request, reply) {
      timeUnrouted(request, reply)
      const { slug } = (request.params ?? {}) as { slug?: string }
      // Browsers ask for icons by themselves: that is no guess at a slug.
      const isMiss = isAppError(error, 'not_found') && slug !== undefined && !APPLE_ICON.test(slug)
      return isMiss ? guards.miss(request, reply) : undefined
    },
  })
  const timeUnrouted = recording.observeRequests(http.app)
  allowCrossOrigin(http.app, config.corsOrigin)
  return {
    http,
    guards: {
      ...guards,
      create: [...access.create, intake, ...guards.create],
      edit: [intake, ...guards.edit],
      append: [intake, ...guards.append],
      read: [...access.read, ...guards.read],
      lookup: [...access.read, ...guards.lookup],
      owner: guards.lookup,
    },
  }
}

/** The first hook of a route that takes a body. */
function bodyIntake({ uploads: places, memory }: Pick<HttpDeps, 'uploads' | 'memory'>): onRequestHookHandler {
  const shared: SharedIntake = { places, memory, nowMs: () => performance.now() }
  return (request, reply, done) => {
    request.intake = createIntake(
      { raw: request.raw, response: reply.raw, client: () => clientKey(request.ip) },
      shared,
    )
    done()
  }
}
