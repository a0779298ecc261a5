import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../core/index.ts'
import { isForm } from '../http/index.ts'
import {
  type CreatedPaste,
  type CreateRules,
  creatorOf,
  type FormCreated,
  type OtherJson,
  type PasteRouteDeps,
  recordCreate,
  SLUG_CHARACTER,
} from '../paste/index.ts'

// A name of one or two characters is a file's, not a chosen slug.
const SLUG_LIKE = new RegExp(`^${SLUG_CHARACTER}{3,}$`)

/** A call that may be another pastebin's: answers it, or gives undefined. */
export type OtherCall = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | undefined

/** What other pastebins' formats add to the shell forms. */
export type ShellOthers = {
  /** Asked first about `POST /`. */
  posts: OtherCall[]
  /** Asked first about `PUT /:name`. */
  puts: OtherCall[]
  /** Their fields of forms, see `CreateRules`. */
  fields: NonNullable<CreateRules['fields']>
  /** Their JSON for `POST /`. */
  json: ((request: FastifyRequest, reply: FastifyReply) => OtherJson<object>)[]
  /** Their answers to a form that was taken, instead of 201 with the address; undefined for the usual one. */
  answers: ((created: FormCreated, request: FastifyRequest, reply: FastifyReply) => object | undefined)[]
  /** Their headers of what was made. */
  headers: ((created: CreatedPaste, request: FastifyRequest) => Record<string, string>)[]
}

/**
 * The one-line shell forms: `curl -T f host/`, `curl -T f host/name`, `cat f | curl -T- host/`,
 * `curl --data-binary @f host/`, `curl -F file=@f host/`. The response is one line, the URL; the edit token is in
 * `X-Edit-Token`. `-F secret=` asks for a long address, as at 0x0. Options are form fields or query parameters.
 */
export function shellRoutes(app: FastifyInstance, deps: PasteRouteDeps, others: ShellOthers): void {
  const creator = creatorOf(deps, { fields: { secret: () => ({ visibility: 'private' }), ...others.fields } })
  const onRequest = deps.guards.create
  const send = (reply: FastifyReply, created: CreatedPaste) => {
    for (const headersOf of others.headers) reply.headers(headersOf(created, reply.request))
    return sendCreated(reply, deps, created)
  }

  app.route({
    method: 'POST',
    url: '/',
    onRequest,
    handler: async (request, reply) => {
      refuseCrossSite(request)
      const other = first(others.posts, (ask) => ask(request, reply))
      if (other !== undefined) return other
      const json: OtherJson<object> = (value) => first(others.json, (ask) => ask(request, reply)(value))
      const made = await (isForm(request) ? creator.ofForm(request, reply) : creator.ofGuessed(request, reply, json))
      if (!('paste' in made)) return made
      const line = send(reply, made)
      return first(others.answers, (ask) => ask(made, request, reply)) ?? line
    },
  })

  app.route({
    method: 'PUT',
    url: '/',
    onRequest,
    handler: async (request, reply) => {
      refuseForm(request)
      return send(reply, await creator.ofRaw(request, reply))
    },
  })

  app.route({
    method: 'PUT',
    url: '/:name',
    onRequest,
    handler: async (request, reply) => {
      const other = await first(others.puts, (ask) => ask(request, reply))
      if (other !== undefined) return other
      refuseForm(request)
      const { name } = request.params as { name: string }
      // A PUT here makes something new, so the state that If-Match asks for is never there.
      if (request.headers['if-match'] !== undefined)
        throw new AppError('precondition_failed', { detail: 'To change a paste, PUT /api/v1/pastes/NAME/content.' })
      // curl appends the file's name to an address that ends in a slash. A name that can't be a slug is such a file name.
      if (!SLUG_LIKE.test(name)) return send(reply, await creator.ofRaw(request, reply, undefined, name))
      const created = creator.ofRaw(request, reply, { name: 'the path', values: { slug: name } })
      return send(reply, await created.catch((error) => Promise.reject(withHint(asUnmet(error, request), name))))
    },
  })
}

/** What the first of those that are asked gives. */
function first<Asked, Answer>(all: readonly Asked[], ask: (one: Asked) => Answer | undefined): Answer | undefined {
  for (const one of all) {
    const answer = ask(one)
    if (answer !== undefined) return answer
  }
  return undefined
}

/** Answers 201 with one line, the address; `ending` follows the slug. */
export function sendCreated(reply: FastifyReply, deps: PasteRouteDeps, created: CreatedPaste, ending = ''): string {
  const { paste, editToken } = created
  recordCreate(deps.events, 'shell', created, reply.request)
  const url = `${deps.publicUrl()}/${paste.slug}${ending}`
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
