import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../core/index.ts'
import { parseMediaType } from '../http/index.ts'
import {
  type CreatedPaste,
  idempotencyKey,
  OPTION_FIELDS,
  optionsOfFields,
  optionsOfQuery,
  type PasteRouteDeps,
  rawBody,
  readForm,
  recordCreate,
  sourceOf,
} from '../paste/index.ts'

// Field names under which other pastebins take their content: -F file=@x, sprunge, ix.io, pb, fiche's web front.
const CONTENT_FIELDS = new Set([
  'file',
  'f',
  'f:1',
  'c',
  'content',
  'data',
  'raw',
  'sprunge',
  'upload',
  'paste',
  'text',
])
// One or two characters are too short for a name that somebody chose, and files are called so.
const SLUG_LIKE = /^[A-Za-z0-9_-]{3,}$/

/**
 * The one-line shell forms: `curl -T f host/`, `curl -T f host/name`, `cat f | curl -T- host/`,
 * `curl --data-binary @f host/`, `curl -F file=@f host/`. The answer is one line, the URL; the edit token is in
 * `X-Edit-Token`. Options come as form fields or in the query string.
 */
export function shellRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes, limits } = deps
  const onRequest = deps.guards.create

  const raw = async (request: FastifyRequest, reply: FastifyReply, slug?: string, name?: string) => {
    const { options, fileName } = await optionsOfQuery(request)
    if (slug !== undefined && options.slug !== undefined)
      throw new AppError('conflicting_fields', { detail: 'The name is in the path already; leave ?slug= out.' })
    const body = await rawBody(sourceOf(request, reply), limits.maxPasteBytes, fileName ?? name)
    return pastes.create(slug === undefined ? options : { ...options, slug }, body, idempotencyKey(request))
  }

  app.route({
    method: 'POST',
    url: '/',
    onRequest,
    handler: async (request, reply) => {
      refuseCrossSite(request)
      if (!isForm(request)) return answer(reply, deps, await raw(request, reply))
      const rules = { maxBytes: limits.maxPasteBytes, fields: OPTION_FIELDS, textFields: CONTENT_FIELDS }
      const made = await readForm(request, reply, rules, async ({ fields, body }) =>
        pastes.create(await optionsOfFields(fields), body, idempotencyKey(request)),
      )
      return answer(reply, deps, made)
    },
  })

  app.route({
    method: 'PUT',
    url: '/',
    onRequest,
    handler: async (request, reply) => {
      refuseForm(request)
      return answer(reply, deps, await raw(request, reply))
    },
  })

  app.route({
    method: 'PUT',
    url: '/:name',
    onRequest,
    handler: async (request, reply) => {
      refuseForm(request)
      const { name } = request.params as { name: string }
      // curl appends the file's name when the address ends in a slash: what can't be meant as a slug is that.
      if (!SLUG_LIKE.test(name)) return answer(reply, deps, await raw(request, reply, undefined, name))
      return answer(
        reply,
        deps,
        await raw(request, reply, name).catch((error) => Promise.reject(withHint(asUnmet(error, request), name))),
      )
    },
  })
}

function answer(reply: FastifyReply, deps: PasteRouteDeps, created: CreatedPaste): string {
  const { paste, editToken } = created
  recordCreate(deps.events, 'shell', created, reply.request)
  const url = `${deps.publicUrl()}/${paste.slug}`
  reply.code(201).header('location', url).header('x-edit-token', editToken).header('cache-control', 'no-store')
  reply.type('text/plain; charset=utf-8')
  return `${url}\n`
}

function isForm(request: FastifyRequest): boolean {
  const type = request.headers['content-type']
  return type !== undefined && parseMediaType(type).type === 'multipart/form-data'
}

/** `If-None-Match: *` asks for what a PUT does anyway, never replace; then a taken name is that condition unmet. */
function asUnmet(error: unknown, request: FastifyRequest): unknown {
  if (!isAppError(error, 'slug_taken') || request.headers['if-none-match']?.trim() !== '*') return error
  return new AppError('precondition_failed', { detail: error.message, cause: error })
}

function refuseForm(request: FastifyRequest): void {
  if (isForm(request)) throw new AppError('unsupported_media_type', { detail: 'Send forms with POST.' })
}

function refuseCrossSite(request: FastifyRequest): void {
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.headers.cookie !== undefined)
    throw new AppError('csrf')
}

/** Whoever sent `curl -T Makefile host/` never chose the name that is taken, so the answer says how to do without. */
function withHint(error: unknown, name: string): unknown {
  if (!isAppError(error, 'slug_taken', 'slug_quarantined')) return error
  return new AppError(error.code, {
    detail: `${error.message} For a generated one: curl -F file=@${name}, or curl -T- … < ${name}.`,
    members: error.members,
  })
}
