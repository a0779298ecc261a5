import { type Clock, isAppError, type Logger, monotonicOf, type RandomSource } from '../core/index.ts'
import { allowCrossOrigin, createHttpServer, createRateGuards, type HttpServer, type Redis } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import { pageSecurityHeaders, renderProblemPage } from '../web/index.ts'
import { ratesOf } from './limits.ts'
import type { Recording } from './recording.ts'

/** What the HTTP server is joined with. */
export type HttpDeps = {
  config: Config
  logger: Logger
  clock: Clock
  random: RandomSource
  redis: Redis | undefined
  recording: Recording
  publicUrl(): string
}

/** Makes the HTTP server, not yet listening and without routes: requests are timed, limited, and fail with a problem. */
export function openHttp({ config, logger, clock, random, redis, recording, publicUrl }: HttpDeps): {
  http: HttpServer
  guards: ReturnType<typeof createRateGuards>
} {
  const guards = createRateGuards(ratesOf(config), { clock: { now: monotonicOf(clock) }, redis })
  const http = createHttpServer({
    logger,
    trustedProxies: config.trustedProxies,
    idPrefix: random.bytes(4).toString('hex'),
    problemPage: (problem) => ({
      body: renderProblemPage(problem, config.brandName),
      headers: { ...pageSecurityHeaders(publicUrl()), 'content-type': 'text/html; charset=utf-8' },
    }),
    async beforeProblem(error, request, reply) {
      timeUnrouted(request, reply)
      const isMiss = isAppError(error, 'not_found') && (request.params as { slug?: string } | null)?.slug !== undefined
      return isMiss ? guards.miss(request, reply) : undefined
    },
  })
  const timeUnrouted = recording.observeRequests(http.app)
  allowCrossOrigin(http.app, config.corsOrigin)
  return { http, guards }
}
