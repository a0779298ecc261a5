import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseAuthorization } from '../http/index.ts'
import { type CreatedPaste, SLUG_CHARACTER } from '../paste/index.ts'
import { answersAs, type DialectDeps, notAllowed, PLAIN, withoutEnding, words } from './dialect.ts'
import type { OtherCall } from './shell.ts'

/** transfer.sh's header of what a PUT made: the address that deletes it, token and all, as its clients need it. */
export function deletionHeader({ publicUrl }: DialectDeps) {
  return ({ paste, editToken }: CreatedPaste, { method }: FastifyRequest): Record<string, string> =>
    method === 'PUT' ? { 'x-url-delete': `${publicUrl()}/${paste.slug}/${editToken}` } : {}
}

/**
 * Deleting a paste at its own address: with the edit token as Authorization, with or without a scheme (rustypaste), or in the
 * path (transfer.sh). `other` is asked first about `/:name`.
 */
export function ownerRoutes(app: FastifyInstance, { pastes, guards, events }: DialectDeps, other?: OtherCall): void {
  const onRequest = [answersAs(words), ...guards.edit]
  const remove = async (request: FastifyRequest, reply: FastifyReply, name: string, token: string | undefined) => {
    events.happened('delete', 'shell', await pastes.remove(withoutEnding(name), token), request)
    return reply.header('cache-control', 'no-store').type(PLAIN).send('file deleted\n')
  }
  app.route({
    method: 'DELETE',
    url: '/:name',
    onRequest,
    handler: async (request, reply) => {
      const { name } = request.params as { name: string }
      // The router takes the form's address for that of an empty name.
      if (name === '') throw notAllowed(request, 'GET', 'HEAD', 'POST', 'PUT')
      const answer = other?.(request, reply)
      if (answer !== undefined) return answer
      const { authorization } = request.headers
      const token = parseAuthorization(authorization)?.credentials ?? authorization
      return remove(request, reply, name, token)
    },
  })
  app.route({
    method: 'DELETE',
    url: `/:name/:token(^${SLUG_CHARACTER}{43}$)`,
    onRequest,
    handler: async (request, reply) => {
      const { name, token } = request.params as { name: string; token: string }
      return remove(request, reply, name, token)
    },
  })
}
