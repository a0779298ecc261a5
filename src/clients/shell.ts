import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../core/index.ts'
import { isForm } from '../http/index.ts'
import { type CreatedPaste, creatorOf, type PasteRouteDeps, recordCreate, SLUG_CHARACTER } from '../paste/index.ts'

// A name of one or two characters is a file's, not a chosen slug.
const SLUG_LIKE = new RegExp(`^${SLUG_CHARACTER}{3,}$`)

/** What a PUT of a name may mean in another pastebin's format: answers, or gives undefined. */
export type OtherPut = (request: FastifyRequest, reply: FastifyReply, name: string) => Promise<unknown> | undefined

/**
 * The one-line shell forms: `curl -T f host/`, `curl -T f host/name`, `cat f | curl -T- host/`,
 * `curl --data-binary @f host/`, `curl -F file=@f host/`. The response is one line, the URL; the edit token is in
 * `X-Edit-Token`. `otherPut` is asked first about `PUT /name`. `-F secret=` asks for a long address, as at 0x0. Options are form fields or query parameters.
 */
export function shellRoutes(app: FastifyInstance, deps: PasteRouteDeps, otherPut: OtherPut = () => undefined): void {
  const creator = creatorOf(deps, { flags: { secret: { visibility: 'private' } } })
  const onRequest = deps.guards.create

  app.route({
    method: 'POST',
    url: '/',
    onRequest,
    handler: async (request, reply) => {
      refuseCrossSite(request)
      const created = isForm(request) ? creator.ofForm(request, reply) : creator.ofGuessed(request, reply)
      return sendCreated(reply, deps, await created)
    },
  })

  app.route({
    method: 'PUT',
    url: '/',
    onRequest,
    handler: async (request, reply) => {
      refuseForm(request)
      return sendCreated(reply, deps, await creator.ofRaw(request, reply))
    },
  })

  app.route({
    method: 'PUT',
    url: '/:name',
    onRequest,
    handler: async (request, reply) => {
      const { name } = request.params as { name: string }
      const other = await otherPut(request, reply, name)
      if (other !== undefined) return other
      refuseForm(request)
      // A PUT here makes something new, so the state that If-Match asks for is never there.
      if (request.headers['if-match'] !== undefined)
        throw new AppError('precondition_failed', { detail: 'To change a paste, PUT /api/v1/pastes/NAME/content.' })
      // curl appends the file's name to an address that ends in a slash. A name that can't be a slug is such a file name.
      if (!SLUG_LIKE.test(name)) return sendCreated(reply, deps, await creator.ofRaw(request, reply, undefined, name))
      const created = creator.ofRaw(request, reply, { name: 'the path', values: { slug: name } })
      return sendCreated(
        reply,
        deps,
        await created.catch((error) => Promise.reject(withHint(asUnmet(error, request), name))),
      )
    },
  })
}

function sendCreated(reply: FastifyReply, deps: PasteRouteDeps, created: CreatedPaste): string {
  const { paste, editToken } = created
  recordCreate(deps.events, 'shell', created, reply.request)
  const url = `${deps.publicUrl()}/${paste.slug}`
  reply.code(201).header('location', url).header('x-edit-token', editToken).header('cache-control', 'no-store')
  reply.type('text/plain; charset=utf-8')
  return `${url}\n`
}

/** With `If-None-Match: *`, which a PUT here always implies, a taken name is a failed precondition. */
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

/** Adds how to get a generated name: a user of `curl -T Makefile host/` may not have meant the file's name as a slug. */
function withHint(error: unknown, name: string): unknown {
  if (!isAppError(error, 'slug_taken', 'slug_quarantined')) return error
  return new AppError(error.code, {
    detail: `${error.message} For a generated one: curl -F file=@${name}, or curl -T- … < ${name}.`,
    members: error.members,
  })
}
