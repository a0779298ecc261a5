import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { parseMediaType, readJson } from '../../http/index.ts'
import { type CreatedPaste, metadataEtag, type Paste } from '../model/index.ts'
import { recordCreate } from '../serve/index.ts'
import { documented, loadSchemas } from './load-schemas.ts'
import { readForm } from './multipart.ts'
import { pasteJson, timestamp } from './paste-json.ts'
import { rawBody, sourceOf } from './request-body.ts'
import { idempotencyKey, OPTION_FIELDS, optionsOfFields, optionsOfQuery } from './request-options.ts'
import type { PasteRouteDeps } from './route-deps.ts'

const CODES = {
  '/expiresIn': 'invalid_expiry',
  '/expiresAt': 'invalid_expiry',
  '/language': 'validation_failed',
} as const

/** A link's address has at most 2,048 characters. */
const LINK_LIMIT_BYTES = 16 * 1024

/** `POST /pastes` with its three body formats, and `POST /links`. Requires the multipart parser. */
export function createRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes, limits } = deps

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<CreatedPaste> {
    const header = request.headers['content-type']
    if (header === undefined)
      throw new AppError('unsupported_media_type', {
        detail: 'Send a Content-Type header that names the format of the body.',
      })
    const { type } = parseMediaType(header)
    const key = idempotencyKey(request)
    if (type === 'application/json') {
      const { content, ...options } = await readJson(
        sourceOf(request, reply),
        loadSchemas().then((s) => s.CreatePasteSchema),
        CODES,
      )
      if (!content.isWellFormed())
        throw new AppError('invalid_unicode', {
          detail: 'The content has half of a surrogate pair.',
          members: { pointer: '/content' },
        })
      return pastes.create(options, { source: Buffer.from(content) }, key)
    }
    if (type === 'multipart/form-data')
      return readForm(
        request,
        reply,
        { maxBytes: limits.maxPasteBytes, fields: OPTION_FIELDS },
        async ({ fields, body }) => pastes.create(await optionsOfFields(fields), body, key),
      )
    const { options, fileName } = await optionsOfQuery(request)
    return pastes.create(options, await rawBody(sourceOf(request, reply), limits.maxPasteBytes, fileName), key)
  }

  app.route({
    method: 'POST',
    url: '/api/v1/pastes',
    onRequest: deps.guards.create,
    config: documented((s) => ({
      operationId: 'createPaste',
      summary: 'Make a paste',
      description:
        'JSON with the text, a form with one file, or the bytes themselves with options in the query string. All but a ' +
        'form may come with Content-Encoding: zstd or gzip.',
      tags: ['pastes'],
      querystring: s.RawQuerySchema,
      headers: IDEMPOTENCY,
      body: {
        content: {
          'application/json': { schema: s.CreatePasteSchema },
          'multipart/form-data': { schema: formSchema(s.PasteOptionsSchema.properties) },
          'application/octet-stream': { schema: s.BinarySchema },
        },
      },
      response: { 201: s.CreatedPasteSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => sendCreated(reply, deps, await create(request, reply)),
  })

  app.route({
    method: 'POST',
    url: '/api/v1/links',
    onRequest: deps.guards.create,
    config: documented((s) => ({
      operationId: 'createLink',
      summary: 'Shorten a URL',
      tags: ['links'],
      headers: IDEMPOTENCY,
      body: s.CreateLinkSchema,
      response: { 201: s.CreatedLinkSchema, default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const { url, ...options } = await readJson(
        sourceOf(request, reply),
        loadSchemas().then((s) => s.CreateLinkSchema),
        CODES,
        LINK_LIMIT_BYTES,
      )
      const created = await pastes.createLink(options, url, idempotencyKey(request))
      const { paste, editToken } = created
      recordCreate(deps.events, 'api', created, request)
      const address = `${deps.publicUrl()}/${paste.slug}`
      reply.code(201).header('location', address).header('cache-control', 'no-store')
      return { ...linkJson(paste, address), editToken }
    },
  })
}

const IDEMPOTENCY = {
  type: 'object',
  properties: {
    'idempotency-key': { type: 'string', maxLength: 128, description: 'Makes a repetition harmless, such as a UUID' },
  },
}

function linkJson(paste: Paste, url: string) {
  return {
    slug: paste.slug,
    url,
    target: paste.content.body?.toString() ?? '',
    createdAt: timestamp(paste.createdAt),
    expiresAt: paste.expiresAt === null ? null : timestamp(paste.expiresAt),
  }
}

/** The 201 of a create. */
function sendCreated(reply: FastifyReply, deps: PasteRouteDeps, created: CreatedPaste) {
  const { paste, editToken } = created
  recordCreate(deps.events, 'api', created, reply.request)
  const view = pasteJson(paste, deps.publicUrl())
  reply.code(201).header('location', view.url).header('etag', metadataEtag(paste)).header('cache-control', 'no-store')
  return { ...view, editToken }
}

function formSchema(options: object): object {
  const file = { type: 'string', format: 'binary' }
  return { type: 'object', properties: { ...options, file }, required: ['file'] }
}
