import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ReadinessReport } from './health/index.ts'
import { formatFor, type Metrics } from './metrics/index.ts'

/** What the routes for operators need. */
export type ServiceRouteDeps = {
  readiness(): Promise<ReadinessReport>
  metrics: Metrics
  /** Throws when a request may not see the service's own figures. */
  requireAdmin(request: FastifyRequest): void
}

/** `/health/live`, `/health/ready` and `/metrics`. */
export function serviceRoutes(app: FastifyInstance, deps: ServiceRouteDeps): void {
  app.get('/health/live', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'live' }
  })
  app.get('/health/ready', async (_request, reply) => {
    const { ready, degraded, parts, causes, details } = await deps.readiness()
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    if (!ready) reply.header('retry-after', '2')
    return { status: ready ? 'ready' : 'not ready', degraded, parts, causes, ...details }
  })
  app.get('/metrics', async (request, reply) => {
    deps.requireAdmin(request)
    const { contentType, body } = await deps.metrics.expose(formatFor(request.headers.accept))
    reply.type(contentType).header('cache-control', 'no-store').header('vary', 'Accept')
    return reply.send(body)
  })
}
