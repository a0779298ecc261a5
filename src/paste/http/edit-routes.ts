import type { FastifyInstance } from 'fastify'
import { AppError } from '../../core/index.ts'
import { isForm, readJson } from '../../http/index.ts'
import { metadataEtag } from '../model/index.ts'
import { refusePart } from './header-options.ts'
import { documented, loadSchemas } from './load-schemas.ts'
import { pasteJson } from './paste-json.ts'
import { rawBody, sourceOf } from './request-body.ts'
import { editTokenOf, preconditions, refuseOtherQuery } from './request-options.ts'
import type { PasteRouteDeps } from './route-deps.ts'
import { PASTE_PATH, SLUG_PARAMS, slugOf } from './slug-param.ts'

/** A change has a title and some words. */
const CHANGE_LIMIT_BYTES = 64 * 1024
const BEARER = [{ editToken: [] }]
const CONDITIONS = {
  type: 'object',
  properties: {
    'if-match': { type: 'string', description: 'Only if the paste still has this ETag' },
    'if-none-match': { type: 'string', description: 'Only if the paste has none of these ETags' },
  },
}

/** Editing and deleting a paste over REST, with its edit token. */
export function editRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes, guards, events } = deps

  app.route({
    method: 'PUT',
    url: `${PASTE_PATH}/content`,
    onRequest: guards.edit,
    config: documented((s) => ({
      operationId: 'replaceContent',
      summary: 'Replace the content',
      tags: ['content'],
      params: SLUG_PARAMS,
      headers: CONDITIONS,
      security: BEARER,
      querystring: { type: 'object', properties: { fileName: { type: 'string' } } },
      body: { content: { 'application/octet-stream': { schema: s.BinarySchema } } },
      response: { 200: s.PasteSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const slug = slugOf(request)
      const token = editTokenOf(request)
      refuseOtherQuery(request, ['fileName'])
      refusePart(request.headers)
      await pastes.authorise(slug, token)
      if (isForm(request))
        throw new AppError('unsupported_media_type', { detail: 'Send the bytes themselves, not a form.' })
      const { fileName } = request.query as { fileName?: string }
      const body = await rawBody(sourceOf(request, reply), deps.limits.maxPasteBytes, fileName)
      const paste = await pastes.replace(slug, token, body, preconditions(request))
      events.happened('edit', 'api', paste, request)
      reply.header('etag', metadataEtag(paste)).header('cache-control', 'no-store')
      return pasteJson(paste, deps.publicUrl(), 'owner')
    },
  })

  app.route({
    method: 'PATCH',
    url: PASTE_PATH,
    onRequest: guards.edit,
    config: documented((s) => ({
      operationId: 'updatePaste',
      summary: 'Change title, language, visibility or expiry',
      tags: ['pastes'],
      params: SLUG_PARAMS,
      headers: CONDITIONS,
      security: BEARER,
      body: s.ChangePasteSchema,
      response: { 200: s.PasteSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const slug = slugOf(request)
      const token = editTokenOf(request)
      refuseOtherQuery(request)
      await pastes.authorise(slug, token)
      const codes = { '/expiresIn': 'invalid_expiry', '/expiresAt': 'invalid_expiry' } as const
      const change = await readJson(
        sourceOf(request, reply),
        loadSchemas().then((s) => s.ChangePasteSchema),
        codes,
        CHANGE_LIMIT_BYTES,
      )
      const paste = await pastes.update(slug, token, change, preconditions(request))
      events.happened('edit', 'api', paste, request)
      reply.header('etag', metadataEtag(paste)).header('cache-control', 'no-store')
      return pasteJson(paste, deps.publicUrl(), 'owner')
    },
  })

  app.route({
    method: 'DELETE',
    url: PASTE_PATH,
    onRequest: guards.edit,
    config: documented((s) => ({
      operationId: 'deletePaste',
      summary: 'Delete a paste for good',
      tags: ['pastes'],
      params: SLUG_PARAMS,
      headers: CONDITIONS,
      security: BEARER,
      response: { 204: { type: 'null', description: 'The paste is deleted' }, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      refuseOtherQuery(request)
      const paste = await pastes.remove(slugOf(request), editTokenOf(request), preconditions(request))
      events.happened('delete', 'api', paste, request)
      return reply.code(204).send()
    },
  })
}
