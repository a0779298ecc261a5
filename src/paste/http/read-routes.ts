import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { matchHolds, noneMatchHolds } from '../../http/index.ts'
import { currentEtags, metadataEtag, type Paste } from '../model/index.ts'
import { SELECTION_QUERY, SELECTION_RESPONSE, type Serving } from '../serve/index.ts'
import { documented } from './load-schemas.ts'
import { keepsContentBack, pasteJson, type Viewer } from './paste-json.ts'
import { editTokenOf, refuseTokenInUrl } from './request-options.ts'
import type { PasteRouteDeps } from './route-deps.ts'
import { PASTE_PATH, SLUG_PARAMS, slugOf } from './slug-param.ts'

const MOST_LISTED = 100
const READ_HEADERS = {
  type: 'object',
  properties: {
    range: { type: 'string', description: 'One range of bytes, such as bytes=0-1023' },
    'if-none-match': { type: 'string', description: 'ETags that the client has: 304 if one is current' },
  },
}
const AS_API: Serving = { as: 'inline', negotiated: false, via: 'api' }

/** Reading metadata, content and the public list over REST. */
export function readRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes, guards } = deps

  app.route({
    method: ['GET', 'HEAD'],
    url: PASTE_PATH,
    onRequest: guards.lookup,
    config: documented((s) => ({
      operationId: 'getPaste',
      summary: 'Metadata',
      description:
        'Of a paste whose readings are counted, size, lines and hash are null unless the edit token is sent: they would tell what it holds.',
      security: [{}, { editToken: [] }],
      tags: ['pastes'],
      params: SLUG_PARAMS,
      response: { 200: s.PasteSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const paste = await pastes.find(slugOf(request))
      const viewer = await viewerOf(request, paste)
      const etag = metadataEtag(paste)
      const isKept = paste.visibility !== 'private' && paste.maxViews === null
      reply.header('etag', etag).header('cache-control', isKept ? 'no-cache' : 'no-store')
      // The other ETags are parts of the hash: a guess at the content must not be told from another by them.
      const etags = keepsContentBack(paste, viewer) ? [etag] : currentEtags(paste)
      if (!matchHolds(request.headers['if-match'], etags))
        throw new AppError('precondition_failed', { detail: 'Read it again without the condition.' })
      // The owner of a counted paste sees more under the same ETag, so that one is never "not modified".
      const isSame = paste.maxViews === null || viewer === 'anybody'
      if (isSame && noneMatchHolds(request.headers['if-none-match'], [etag])) return reply.code(304).send()
      return pasteJson(paste, deps.publicUrl(), viewer)
    },
  })

  /** A token is looked at only where it changes the answer; then a wrong one is refused as by an edit. */
  async function viewerOf(request: FastifyRequest, paste: Paste): Promise<Viewer> {
    const token = paste.maxViews === null ? undefined : editTokenOf(request)
    if (token === undefined) return 'anybody'
    await pastes.authorise(paste.slug, token)
    return 'owner'
  }

  const content = async (request: FastifyRequest) => pastes.peek(slugOf(request)) ?? pastes.find(slugOf(request))
  app.route({
    method: ['GET', 'HEAD'],
    url: `${PASTE_PATH}/content`,
    onRequest: guards.lookup,
    config: documented((s) => ({
      operationId: 'getContent',
      summary: 'The bytes, or some of the lines',
      tags: ['content'],
      params: SLUG_PARAMS,
      querystring: SELECTION_QUERY,
      headers: READ_HEADERS,
      response: { 200: SELECTION_RESPONSE, 206: s.BytesResponse, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => deps.serveContent(request, reply, await content(request), AS_API),
  })

  app.route({
    method: 'GET',
    url: '/api/v1/pastes',
    onRequest: guards.read,
    config: documented((s) => ({
      operationId: 'listPastes',
      summary: 'Recent public pastes, newest first',
      tags: ['pastes'],
      querystring: {
        type: 'object',
        properties: {
          limit: { type: 'integer', minimum: 1, maximum: MOST_LISTED, default: 20 },
          cursor: { type: 'string' },
        },
      },
      response: { 200: s.PasteListSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const { limit, cursor } = listQuery(request)
      const page = await pastes.recent(limit, cursor)
      reply.header('cache-control', 'no-cache')
      return {
        pastes: page.pastes.map((paste) => pasteJson(paste, deps.publicUrl(), 'anybody')),
        nextCursor: page.nextCursor,
      }
    },
  })
}

function listQuery(request: FastifyRequest): { limit: number; cursor: string | undefined } {
  refuseTokenInUrl(request)
  const { limit = '20', cursor, ...others } = request.query as Record<string, string | string[] | undefined>
  const unknown = Object.keys(others)[0]
  if (unknown !== undefined)
    throw new AppError('unknown_field', { detail: `There is no parameter ${JSON.stringify(unknown)} here.` })
  if (Array.isArray(limit) || !/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST_LISTED)
    throw new AppError('invalid_limit', { detail: `The limit is a whole number, 1 to ${MOST_LISTED}.` })
  if (Array.isArray(cursor)) throw new AppError('invalid_cursor', { detail: 'Send one cursor.' })
  return { limit: Number(limit), cursor }
}
