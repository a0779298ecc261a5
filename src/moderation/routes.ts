import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { PasteEvents } from '../core/index.ts'
import { documentedBy, validate } from '../http/index.ts'
import type { PasteFacts, Pastes, RemovalReason } from '../paste/index.ts'

/** What the operator's routes need. */
export type ModerationDeps = {
  pastes: Pick<Pastes, 'inspect' | 'takeDown'>
  events: PasteEvents
  /** Lets only an operator pass; throws `admin_only` where there is no admin token, `token_*` without it. */
  requireOperator(request: FastifyRequest): void
  guards: { edit: onRequestHookHandler[] }
}

const documented = documentedBy(() => import('./schemas.ts'))
const PATH = '/api/v1/admin/pastes/:slug'
const PARAMS = { type: 'object', properties: { slug: { type: 'string' } }, required: ['slug'] }
const SECURITY = [{ adminToken: [] }]

/** Looking at pastes and removing them with the admin token. */
export function moderationRoutes(app: FastifyInstance, deps: ModerationDeps): void {
  app.route({
    method: 'GET',
    url: PATH,
    onRequest: deps.guards.edit,
    config: documented((s) => ({
      operationId: 'inspectPaste',
      summary: 'What is known of a paste, whatever its state',
      tags: ['moderation'],
      params: PARAMS,
      security: SECURITY,
      response: { 200: s.PasteFactsSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      deps.requireOperator(request)
      reply.header('cache-control', 'no-store')
      return factsJson(await deps.pastes.inspect(slugOf(request)))
    },
  })

  app.route({
    method: 'DELETE',
    url: PATH,
    onRequest: deps.guards.edit,
    config: documented((s) => ({
      operationId: 'removePaste',
      summary: 'Remove a paste without its edit token',
      description: 'Its address answers 410 `removed` with the reason for 30 days; its content is deleted.',
      tags: ['moderation'],
      params: PARAMS,
      querystring: s.RemovalQuerySchema,
      security: SECURITY,
      response: { 204: { type: 'null', description: 'The paste is removed' }, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      deps.requireOperator(request)
      const { RemovalQuerySchema } = await import('./schemas.ts')
      const { reason } = (await validate(RemovalQuerySchema, request.query)) as { reason?: RemovalReason }
      const paste = await deps.pastes.takeDown(slugOf(request), reason ?? 'other')
      deps.events.happened('delete', 'api', paste, request)
      return reply.code(204).send()
    },
  })
}

const slugOf = (request: FastifyRequest) => (request.params as { slug: string }).slug

function factsJson(facts: PasteFacts) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return {
    ...facts,
    createdAt: time(facts.createdAt),
    updatedAt: time(facts.updatedAt),
    expiresAt: time(facts.expiresAt),
    endedAt: time(facts.endedAt),
  }
}
