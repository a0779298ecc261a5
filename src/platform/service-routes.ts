import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import type { Readiness } from './health.ts'
import type { Metrics } from './metrics/index.ts'

/** What the routes for operators need. */
export type ServiceRouteDeps = {
  readiness(): Promise<Readiness>
  metrics: Metrics
  /** When set, `/metrics` is answered only to who knows it. */
  adminToken: string | undefined
}

/** `/health/live`, `/health/ready` and `/metrics`. */
export function serviceRoutes(app: FastifyInstance, deps: ServiceRouteDeps): void {
  app.get('/health/live', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'live' }
  })
  app.get('/health/ready', async (_request, reply) => {
    const { ready, parts, details } = await deps.readiness()
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    if (!ready) reply.header('retry-after', '2')
    return { status: ready ? 'ready' : 'not ready', parts, ...details }
  })
  app.get('/metrics', async (request, reply) => {
    requireAdmin(request, deps.adminToken)
    const { contentType, body } = await deps.metrics.expose()
    reply.type(contentType).header('cache-control', 'no-store')
    return reply.send(body)
  })
}

/** Throws `token_required` or `token_invalid`; compares digests, so in constant time whatever the lengths. */
function requireAdmin(request: FastifyRequest, adminToken: string | undefined): void {
  if (adminToken === undefined) return
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined) throw new AppError('token_required', { headers: { 'www-authenticate': 'Bearer' } })
  const equal = timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', adminToken, 'buffer'))
  if (!equal) throw new AppError('token_invalid', { detail: 'This is not the admin token.' })
}
