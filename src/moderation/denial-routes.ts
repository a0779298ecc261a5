import type { FastifyInstance } from 'fastify'
import { AppError } from '../core/index.ts'
import { validate } from '../http/index.ts'
import type { RemovalReason } from '../paste/index.ts'
import { documented, type ModerationDeps, SECURITY } from './deps.ts'

const PATH = '/api/v1/admin/denied/:sha256'
const PARAMS = { type: 'object', properties: { sha256: { type: 'string' } }, required: ['sha256'] }
const HASH = /^[0-9a-f]{64}$/

/** Denying content by its hash, and taking that back. */
export function denialRoutes(app: FastifyInstance, deps: ModerationDeps): void {
  app.route({
    method: 'PUT',
    url: PATH,
    onRequest: deps.guards.edit,
    config: documented((s) => ({
      operationId: 'denyContent',
      summary: 'Take no content with this SHA-256',
      tags: ['moderation'],
      params: PARAMS,
      querystring: s.DenialQuerySchema,
      security: SECURITY,
      response: { 204: { type: 'null', description: 'It is denied' }, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      deps.requireOperator(request)
      const { DenialQuerySchema } = await import('./schemas.ts')
      const { reason } = (await validate(DenialQuerySchema, request.query)) as { reason?: RemovalReason }
      await deps.denied.add(hashOf(request.params), reason ?? 'other')
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'DELETE',
    url: PATH,
    onRequest: deps.guards.edit,
    config: documented((s) => ({
      operationId: 'allowContent',
      summary: 'Take content with this SHA-256 again',
      tags: ['moderation'],
      params: PARAMS,
      security: SECURITY,
      response: { 204: { type: 'null', description: 'It is not denied' }, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      deps.requireOperator(request)
      if (!(await deps.denied.remove(hashOf(request.params))))
        throw new AppError('not_found', { detail: 'No content with this SHA-256 is denied.' })
      return reply.code(204).send()
    },
  })
}

function hashOf(params: unknown): string {
  const { sha256 } = params as { sha256: string }
  if (HASH.test(sha256)) return sha256
  throw new AppError('validation_failed', { detail: 'A SHA-256 is 64 hex digits, lower case.' })
}
