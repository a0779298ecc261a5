import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { documentedBy, OPERATOR_SECURITY } from '../../http/index.ts'
import type { PasteStats, SystemStats } from './schema.ts'

const documented = documentedBy(() => import('./schema.ts'))
const SLUG_PARAMS = { type: 'object', properties: { slug: { type: 'string' } }, required: ['slug'] }

/** Where the figures are read, and who may read them. */
export type StatsRouteDeps = {
  readPaste(paste: { slug: string; createdAt: number }): Promise<PasteStats>
  readSystem(): Promise<SystemStats>
  /** The paste that a request names, if it has the edit token; else throws. */
  owned(request: FastifyRequest): Promise<{ slug: string; createdAt: number }>
  /** Throws when a request may not see the service's own figures. */
  requireAdmin(request: FastifyRequest): void
  /** `owner`: for what takes an edit token. */
  guards: { read: onRequestHookHandler[]; owner: onRequestHookHandler[] }
}

/** `GET /pastes/:slug/stats` for the owner, `GET /stats` for the operator. */
export function statsRoutes(app: FastifyInstance, deps: StatsRouteDeps): void {
  app.route({
    method: 'GET',
    url: '/api/v1/pastes/:slug/stats',
    onRequest: deps.guards.owner,
    config: documented((s) => ({
      operationId: 'getPasteStats',
      summary: 'Views of a paste over time',
      description: 'With the edit token; also of an ended paste while its address answers 410.',
      tags: ['pastes'],
      params: SLUG_PARAMS,
      security: [{ editToken: [] }],
      response: { 200: s.PasteStatsSchema },
    })),
    handler: async (request, reply) => {
      const paste = await deps.owned(request)
      reply.header('cache-control', 'no-store')
      return deps.readPaste(paste)
    },
  })

  app.route({
    method: 'GET',
    url: '/api/v1/stats',
    onRequest: deps.guards.read,
    config: documented((s) => ({
      operationId: 'getStats',
      summary: 'What the service holds, and what happens in it',
      description: 'Where the operator has set ADMIN_TOKEN, only with it.',
      tags: ['service'],
      security: OPERATOR_SECURITY,
      response: { 200: s.SystemStatsSchema },
    })),
    handler: async (request, reply) => {
      deps.requireAdmin(request)
      reply.header('cache-control', 'no-store')
      return deps.readSystem()
    },
  })
}
