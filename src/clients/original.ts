import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Content } from '../content/index.ts'
import { AppError } from '../core/index.ts'
import { documentedBy, isForm, readJson } from '../http/index.ts'
import {
  type CreatedPaste,
  needsClaim,
  type PasteRouteDeps,
  readForm,
  recordCreate,
  recordView,
  type Serving,
  sourceOf,
} from '../paste/index.ts'
import { jsonContent } from './json-content.ts'
import type { Created } from './original-schemas.ts'

const loadSchemas = () => import('./original-schemas.ts')
const documented = documentedBy(loadSchemas)
const ORIGINAL_EXPIRY = '24h'
const FIELDS = new Set(['customUrl'])
const TAGS = ['original service']
const AS_ORIGINAL: Serving = { as: 'inline', negotiated: false, via: 'original' }

/** The API of the predecessor service, kept for its clients. */
export function originalRoutes(app: FastifyInstance, deps: PasteRouteDeps & { content: Content }): void {
  const { pastes, limits, guards, events } = deps
  const sendCreated = (reply: FastifyReply, created: CreatedPaste): Created => {
    const { paste, editToken } = created
    recordCreate(events, 'original', created, reply.request)
    reply.code(201).header('x-edit-token', editToken).header('cache-control', 'no-store')
    return { id: paste.slug, url: `${deps.publicUrl()}/${paste.slug}` }
  }

  for (const url of ['/api/paste', '/api/v1/paste'])
    app.route({
      method: 'POST',
      url,
      onRequest: guards.create,
      config: documented((s) => ({
        summary: 'Make a paste of 24 hours',
        tags: TAGS,
        body: s.PasteSchema,
        response: { 201: s.CreatedSchema },
      })),
      handler: async (request, reply) => {
        if (isForm(request)) {
          const rules = { maxBytes: limits.maxPasteBytes, fields: FIELDS, textFields: new Set(['content']) }
          return sendCreated(
            reply,
            await readForm(request, reply, rules, ({ fields, body }) =>
              pastes.create({ slug: fields.customUrl, expiresIn: ORIGINAL_EXPIRY }, body),
            ),
          )
        }
        const { content, customUrl } = await readJson(
          sourceOf(request, reply),
          loadSchemas().then((s) => s.PasteSchema),
        )
        return sendCreated(
          reply,
          await pastes.create({ slug: customUrl, expiresIn: ORIGINAL_EXPIRY }, textBody(content)),
        )
      },
    })

  app.route({
    method: 'POST',
    url: '/api/paste/expiry',
    onRequest: guards.create,
    config: documented((s) => ({
      summary: 'Make a paste that expires after a number of seconds',
      tags: TAGS,
      body: s.ExpirySchema,
      response: { 201: s.CreatedSchema },
    })),
    handler: async (request, reply) => {
      const { content, expiry, customUrl } = await readJson(
        sourceOf(request, reply),
        loadSchemas().then((s) => s.ExpirySchema),
        {
          '/expiry': 'invalid_expiry',
        },
      )
      return sendCreated(reply, await pastes.create({ slug: customUrl, expiresIn: expiry }, textBody(content)))
    },
  })

  app.route({
    method: 'GET',
    url: '/api/paste/content/:id',
    onRequest: guards.read,
    config: documented(() => ({ summary: 'The text as JSON', tags: TAGS })),
    handler: async (request, reply) => {
      const paste = await pastes.find((request.params as { id: string }).id)
      if (paste.maxViews !== null) throw needsClaim(paste)
      const stream = await jsonContent(deps.content, paste)
      recordView(events, 'original', paste, request)
      return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(stream)
    },
  })

  for (const url of ['/api/paste/content', '/getObject'])
    app.route({
      method: 'GET',
      url,
      onRequest: guards.read,
      config: documented((s) => ({
        summary: 'The bytes, by address or slug',
        tags: TAGS,
        querystring: s.UrlQuerySchema,
      })),
      handler: async (request, reply) =>
        deps.serveContent(request, reply, await pastes.find(slugOfUrl(queryText(request, 'url'))), AS_ORIGINAL),
    })

  app.route({
    method: 'GET',
    url: '/api/v1/shortenURL',
    onRequest: guards.create,
    config: documented((s) => ({ summary: 'Shorten a URL', tags: TAGS, querystring: s.OriginalUrlQuerySchema })),
    handler: async (request, reply) => {
      const created = await pastes.createLink({}, queryText(request, 'original_url'))
      const { paste, editToken } = created
      recordCreate(events, 'original', created, request)
      reply.header('x-edit-token', editToken).header('cache-control', 'no-store').type('text/plain; charset=utf-8')
      return `${deps.publicUrl()}/${paste.slug}`
    },
  })
}

function textBody(content: string): { source: Buffer } {
  if (!content.isWellFormed()) throw new AppError('invalid_unicode', { members: { pointer: '/content' } })
  return { source: Buffer.from(content) }
}

function queryText(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, string | string[] | undefined>)[name]
  if (typeof value !== 'string' || value === '')
    throw new AppError('validation_failed', { detail: `Give ?${name}= once.`, members: { pointer: `/${name}` } })
  return value
}

/** The slug in a paste's absolute address, or the bare slug itself. */
function slugOfUrl(text: string): string {
  const path = URL.parse(text)?.pathname ?? text
  return path.split('/').at(-1) ?? ''
}
