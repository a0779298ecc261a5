import type { FastifyInstance } from 'fastify'
import { documented } from './load-schemas.ts'
import type { PasteRouteDeps } from './route-deps.ts'
import { PASTE_PATH, SLUG_PARAMS, slugOf } from './slug-param.ts'

/** `POST /pastes/:slug/claim`: one reading of a limited paste. */
export function claimRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  app.route({
    method: 'POST',
    url: `${PASTE_PATH}/claim`,
    onRequest: deps.guards.lookup,
    config: documented((s) => ({
      operationId: 'claimPaste',
      summary: 'Read a paste whose readings are counted',
      description: 'Uses up exactly one reading and returns the content. GET never uses one up.',
      tags: ['content'],
      params: SLUG_PARAMS,
      response: { 200: s.BytesResponse, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const claimed = await deps.pastes.claim(slugOf(request))
      await deps.sendClaimed(reply, claimed)
      deps.events.happened('claim', 'api', claimed.paste, request)
      return reply
    },
  })
}
