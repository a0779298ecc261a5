import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isAppError } from '../core/index.ts'
import { bearerToken, documentedBy, isForm } from '../http/index.ts'
import { type CreatedPaste, creatorOf, rawBody, recordCreate, sourceOf } from '../paste/index.ts'
import { answersAs, type DialectDeps, PLAIN, type Shape } from './dialect.ts'
import type { OtherCall } from './shell.ts'

const documented = documentedBy(() => import('./dialect-schemas.ts'))
const WORDS: Readonly<Record<string, string>> = {
  empty_content: 'Missing content',
  payload_too_large: 'Content too large',
  rate_limited: 'Rate limit exceeded',
  not_found: 'Invalid path',
  token_invalid: 'Incorrect modification key',
}

/** bytebin's errors are words. */
const bytebinShape: Shape = ({ code, status, detail }) => ({
  status: code === 'empty_content' ? 400 : status,
  mediaType: PLAIN,
  body: WORDS[code] ?? detail,
})

/**
 * bytebin's calls (lucko/bytebin, PostHandler): any bytes under any media type, which readers get back where no browser
 * could run it; `text/LANG`, as pastes.dev has it, names the language. `Location` is the bare key: spark reads nothing else.
 */
export function bytebinRoutes(app: FastifyInstance, deps: DialectDeps): void {
  const creator = creatorOf(deps, { keepMediaType: true })

  function create(request: FastifyRequest, reply: FastifyReply): Promise<CreatedPaste> {
    if (isForm(request)) return creator.ofForm(request, reply)
    const language = languageOf(request.headers['content-type'])
    return creator.ofRaw(request, reply, language ? { name: 'Content-Type', values: { language } } : undefined)
  }

  const config = (operationId: string, answer: 'BytebinCreatedSchema' | 'Words') =>
    documented((s) => ({
      operationId,
      summary: 'Make a paste that keeps its media type, as bytebin does',
      tags: ['bytebin'],
      body: s.AnyBody,
      response: { 201: s[answer], default: s.Words },
    }))
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const created = await create(request, reply)
    const { slug } = created.paste
    recordCreate(deps.events, 'shell', created, request)
    reply.code(201).header('x-edit-token', created.editToken).header('cache-control', 'no-store')
    if (request.headers['allow-modification'] === 'true') reply.header('modification-key', created.editToken)
    const url = `${deps.publicUrl()}/${slug}`
    if (request.method === 'PUT') return reply.header('location', url).type(PLAIN).send(`${url}\n`)
    return reply.header('location', slug).send({ key: slug })
  }
  const onRequest = [answersAs(bytebinShape), openToAll, ...deps.guards.create]
  app.route({
    method: 'POST',
    url: '/post',
    onRequest,
    config: config('createBytebinContent', 'BytebinCreatedSchema'),
    handler,
  })
  app.route({ method: 'PUT', url: '/post', onRequest, config: config('putBytebinContent', 'Words'), handler })
  app.route({
    method: 'OPTIONS',
    url: '/post',
    onRequest: [openToAll],
    handler: async (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-methods', 'POST, PUT')
        .header('access-control-allow-headers', 'Content-Type, Content-Encoding, Allow-Modification')
        .header('access-control-max-age', '7200')
        .send(),
  })
}

/** `PUT /key` with the modification key replaces the content of a paste that is there. */
export function putByKey(deps: DialectDeps): OtherCall {
  const { pastes, events } = deps
  return (request, reply) => {
    const key = bearerToken(request.headers.authorization)
    if (key === undefined || isForm(request)) return undefined
    return replaceKnown(request, reply, (request.params as { name: string }).name, key)
  }

  async function replaceKnown(request: FastifyRequest, reply: FastifyReply, name: string, key: string) {
    try {
      await pastes.find(name)
    } catch (error) {
      // A free name: the PUT makes a paste, as it does without a token.
      if (isAppError(error, 'not_found')) return undefined
      throw error
    }
    request.problemShape = bytebinShape
    await pastes.authorise(name, key)
    const body = await rawBody(sourceOf(request, reply), deps.limits.maxPasteBytes)
    const paste = await pastes.replace(name, key, { ...body, keepMediaType: true })
    events.happened('edit', 'shell', paste, request)
    return reply.code(200).header('cache-control', 'no-store').send('')
  }
}

function openToAll(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('access-control-expose-headers', 'Location, Modification-Key, X-Edit-Token, Retry-After')
  done()
}

/** The language that `text/LANG` names; none for plain text. */
function languageOf(mediaType: string | undefined): string | undefined {
  const language = /^text\/(?:x-)?([a-z0-9+#-]{1,32})(?:;|$)/i.exec(mediaType ?? '')?.[1]
  return language?.toLowerCase() === 'plain' ? undefined : language
}
