import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { parseMediaType, readJson } from '../../http/index.ts'
import { type CreatedPaste, metadataEtag, type Paste } from '../model/index.ts'
import { recordCreate } from '../serve/index.ts'
import { CODES, creatorOf } from './create-of-request.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { linkOptions } from './link-options.ts'
import { documented, loadSchemas } from './load-schemas.ts'
import { pasteJson, timestamp } from './paste-json.ts'
import { sourceOf } from './request-body.ts'
import { requestOptions } from './request-options.ts'
import type { PasteRouteDeps } from './route-deps.ts'

/** A link's address has at most 2,048 characters. */
const LINK_LIMIT_BYTES = 16 * 1024

/** `POST /pastes` with its three body formats, and `POST /links`. Requires the multipart parser. */
export function createRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes } = deps
  const creator = creatorOf(deps)

  function create(request: FastifyRequest, reply: FastifyReply): Promise<CreatedPaste> {
    const header = request.headers['content-type']
    if (!header)
      throw new AppError('unsupported_media_type', {
        detail: 'Send a Content-Type header that names the format of the body.',
      })
    const { type } = parseMediaType(header)
    if (type === 'application/json') return creator.ofJson(request, reply)
    if (type === 'multipart/form-data') return creator.ofForm(request, reply)
    return creator.ofGuessed(request, reply)
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
      response: { 201: created(s.CreatedPasteSchema), default: s.ProblemSchema },
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
      response: { 201: created(s.CreatedLinkSchema), default: s.ProblemSchema },
    })),
    handler: async (request, reply) => {
      const { url, ...options } = await readJson(
        sourceOf(request, reply),
        loadSchemas().then((s) => s.CreateLinkSchema),
        CODES,
        LINK_LIMIT_BYTES,
      )
      const all = linkOptions(await requestOptions(request, [{ name: 'the body', values: options }]))
      const created = await pastes.createLink(all, url, idempotencyKey(request))
      const { paste, editToken } = created
      recordCreate(deps.events, 'api', created, request)
      const address = `${deps.publicUrl()}/${paste.slug}`
      reply.code(201).header('location', address).header('cache-control', 'no-store')
      return { ...linkJson(paste, address), editToken }
    },
  })
}

const text = (description: string) => ({ type: 'string', description })

function created(schema: object): object {
  const headers = { location: text('Its address'), etag: text('The ETag of the metadata, for If-Match') }
  return { description: 'It was made', headers, content: { 'application/json': { schema } } }
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
  const view = pasteJson(paste, deps.publicUrl(), 'owner')
  reply.code(201).header('location', view.url).header('etag', metadataEtag(paste)).header('cache-control', 'no-store')
  return { ...view, editToken }
}

function formSchema(options: object): object {
  const file = { type: 'string', format: 'binary' }
  return { type: 'object', properties: { ...options, file }, required: ['file'] }
}
