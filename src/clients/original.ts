import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Content } from '../content/index.ts'
import { AppError, type ProblemCode } from '../core/index.ts'
import { documentedBy, isForm, validate } from '../http/index.ts'
import {
  type CreatedPaste,
  creatorOf,
  linkOptions,
  needsClaim,
  type OtherJson,
  type PasteOptions,
  type PasteRouteDeps,
  recordCreate,
  recordView,
  requestOptions,
  type Serving,
} from '../paste/index.ts'
import { jsonContent } from './json-content.ts'
import type { Created } from './original-schemas.ts'

const loadSchemas = () => import('./original-schemas.ts')
const describe = documentedBy(loadSchemas)
/** The original answered errors as `{error}`; here that is a member of the problem. */
const documented: typeof describe = (make) => ({ ...describe(make), errorMember: true })
const ORIGINAL_EXPIRY = '24h'
const ID_PARAMS = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
const PLAIN = 'text/plain; charset=utf-8'
const TAGS = ['original service']
const AS_ORIGINAL: Serving = { as: 'inline', negotiated: false, via: 'original' }

/** The API of the predecessor service, kept for its clients. `otherJson` is asked first about JSON for `/api/v1/paste`. */
export function originalRoutes(
  app: FastifyInstance,
  deps: PasteRouteDeps & { content: Content },
  otherJson?: (request: FastifyRequest) => OtherJson<object>,
): void {
  const { pastes, guards, events } = deps
  const creator = creatorOf(deps, { aliases: { customUrl: 'slug' }, preset: untilTomorrow })
  const withExpiry = creatorOf(deps, { aliases: { customUrl: 'slug', expiry: 'expiresIn' }, check: checkExpiry })
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
        operationId: url === '/api/paste' ? 'createOriginalPaste' : 'createOriginalPasteV1',
        summary: 'Make a paste of 24 hours',
        tags: TAGS,
        body: s.OriginalPasteSchema,
        response: { 201: s.OriginalCreatedSchema },
      })),
      handler: async (request, reply) => {
        const other = url === '/api/v1/paste' ? otherJson?.(request) : undefined
        const made = await (isForm(request) ? creator.ofForm(request, reply) : creator.ofJson(request, reply, other))
        return 'paste' in made ? sendCreated(reply, made) : made
      },
    })

  app.route({
    method: 'POST',
    url: '/api/paste/expiry',
    onRequest: guards.create,
    config: documented((s) => ({
      operationId: 'createOriginalExpiringPaste',
      summary: 'Make a paste that expires after a number of seconds',
      tags: TAGS,
      body: s.OriginalExpiryPasteSchema,
      response: { 201: s.OriginalCreatedSchema },
    })),
    handler: async (request, reply) => sendCreated(reply, await withExpiry.ofJson(request, reply)),
  })

  app.route({
    method: 'GET',
    url: '/api/paste/content/:id',
    onRequest: guards.lookup,
    config: documented((s) => ({
      operationId: 'getOriginalContent',
      summary: 'The text as JSON',
      tags: TAGS,
      params: ID_PARAMS,
      response: { 200: s.OriginalContentSchema },
    })),
    handler: async (request, reply) => {
      const paste = await pastes.find((request.params as { id: string }).id)
      if (paste.maxViews !== null) throw needsClaim(paste)
      const stream = await jsonContent(deps.content, paste)
      recordView(events, 'original', paste, request)
      return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(stream)
    },
  })

  for (const [url, missing] of [
    // The original's own status here is 400.
    ['/api/paste/content', 'bad_request'],
    ['/getObject', 'validation_failed'],
  ] as const)
    app.route({
      method: 'GET',
      url,
      onRequest: guards.lookup,
      config: documented((s) => ({
        operationId: url === '/getObject' ? 'getOriginalObject' : 'getOriginalContentByUrl',
        summary: 'The bytes, by address or slug',
        tags: TAGS,
        response: { 200: s.OriginalBytes },
        querystring: s.UrlQuerySchema,
      })),
      handler: async (request, reply) =>
        deps.serveContent(
          request,
          reply,
          await pastes.find(slugOfUrl(queryText(request, 'url', missing))),
          AS_ORIGINAL,
        ),
    })

  app.route({
    method: 'GET',
    url: '/api/v1/shortenURL',
    onRequest: guards.create,
    config: documented((s) => ({
      operationId: 'shortenOriginalUrl',
      summary: 'Shorten a URL',
      tags: TAGS,
      querystring: s.OriginalUrlQuerySchema,
      response: { 200: s.OriginalText },
    })),
    handler: async (request, reply) => {
      const target = queryText(request, 'original_url')
      if (isPrefetch(request)) throw new AppError('bad_request', { detail: 'A prefetch makes no short link.' })
      // HEAD is safe: it makes nothing.
      if (request.method === 'HEAD') return reply.header('cache-control', 'no-store').type(PLAIN).send()
      const options = linkOptions(await requestOptions(request, [], ['original_url']))
      const created = await pastes.createLink(options, target)
      const { paste, editToken } = created
      recordCreate(events, 'original', created, request)
      reply.header('x-edit-token', editToken).header('cache-control', 'no-store').type(PLAIN)
      return `${deps.publicUrl()}/${paste.slug}`
    },
  })
}

/** Whether nobody asked for this: a browser that loads an address in advance (`Sec-Purpose`, formerly `Purpose`). */
function isPrefetch({ headers }: FastifyRequest): boolean {
  return [headers['sec-purpose'], headers.purpose, headers['x-moz']].some((value) => `${value}`.startsWith('prefetch'))
}

/** A paste of 24 hours, as there, unless the request says when it ends. */
function untilTomorrow(options: PasteOptions): PasteOptions {
  const ends = options.expiresIn ?? options.expiresAt
  return ends === undefined ? { ...options, expiresIn: ORIGINAL_EXPIRY } : options
}

async function checkExpiry(value: unknown): Promise<void> {
  await validate(
    loadSchemas().then((s) => s.SecondsSchema),
    value,
    { '/expiry': 'invalid_expiry' },
  )
}

function queryText(request: FastifyRequest, name: string, missing: ProblemCode = 'validation_failed'): string {
  const value = (request.query as Record<string, string | string[] | undefined>)[name]
  if (typeof value !== 'string' || value === '')
    throw new AppError(missing, { detail: `Give ?${name}= once.`, members: { pointer: `/${name}` } })
  return value
}

/** The slug in a paste's absolute address, or the bare slug itself. */
function slugOfUrl(text: string): string {
  const path = URL.parse(text)?.pathname ?? text
  return path.split('/').at(-1) ?? ''
}
