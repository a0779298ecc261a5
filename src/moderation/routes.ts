import type { FastifyInstance, FastifyRequest } from 'fastify'
import { validate } from '../http/index.ts'
import type { PasteFacts, RemovalReason } from '../paste/index.ts'
import { denialRoutes } from './denial-routes.ts'
import { documented, type ModerationDeps, SECURITY } from './deps.ts'

const PATH = '/api/v1/admin/pastes/:slug'
const PARAMS = { type: 'object', properties: { slug: { type: 'string' } }, required: ['slug'] }
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
      description:
        'Its address answers 410 `removed` with the reason for 30 days; its content is deleted. With `deny=true` the same ' +
        'content is not taken again.',
      tags: ['moderation'],
      params: PARAMS,
      querystring: s.RemovalQuerySchema,
      security: SECURITY,
      response: { 204: { type: 'null', description: 'The paste is removed' }, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      deps.requireOperator(request)
      const { RemovalQuerySchema } = await import('./schemas.ts')
      const query = (await validate(RemovalQuerySchema, request.query)) as { reason?: RemovalReason; deny?: string }
      const { reason = 'other' } = query
      const paste = await deps.pastes.takeDown(slugOf(request), reason)
      if (query.deny === 'true') await deps.denied.add(paste.content.sha256, reason)
      deps.events.happened('delete', 'api', paste, request)
      return reply.code(204).send()
    },
  })
  denialRoutes(app, deps)
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
