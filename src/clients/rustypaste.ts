import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isAppError } from '../core/index.ts'
import { isForm } from '../http/index.ts'
import { creatorOf } from '../paste/index.ts'
import { answersAs, type DialectDeps, PLAIN, words } from './dialect.ts'
import { type OtherCall, sendCreated } from './shell.ts'

const CLIENT = /^rustypaste-cli\//
const NOT_EXPOSED = 'endpoint is not exposed\n'
/** A name with an ending that an address of a paste may have. */
const FILE_NAME = /^([^.]+)(\.[A-Za-z0-9+#-]{1,32})?$/

/**
 * rpaste's `POST /` (orhun/rustypaste, server.rs): the part's name says what is meant (`file`, `oneshot`, `url`), `expire` and
 * `filename` are headers, and 200 is the only success it knows. `remote` and `oneshot_url` are refused like any unknown part.
 */
export function rustypastePost(deps: DialectDeps): OtherCall {
  // At 0x0 `url` means to fetch it, so it shortens only for who is known to mean that.
  const creator = creatorOf(deps, { links: new Set(['url']) })
  return (request, reply) => {
    if (!CLIENT.test(request.headers['user-agent'] ?? '') || !isForm(request)) return undefined
    request.problemShape = words
    return post(request, reply)
  }

  async function post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { filename } = request.headers
    const [, slug, ending] = FILE_NAME.exec(`${filename ?? ''}`) ?? []
    const values = { slug: slug ?? filename, ...(ending && { fileName: filename }) }
    const created = await creator.ofForm(request, reply, filename ? { name: 'the header filename', values } : undefined)
    const line = sendCreated(reply, deps, created, ending)
    return reply.code(200).send(line)
  }
}

/** rustypaste's `GET /list` and `/version`, both off there unless the operator exposes them. */
export function rustypasteRoutes(app: FastifyInstance, { pastes, guards }: DialectDeps): void {
  app.route({
    method: 'GET',
    url: '/list',
    onRequest: [answersAs(words), ...guards.lookup],
    handler: async (_request, reply) => reply.code(403).type(PLAIN).send(NOT_EXPOSED),
  })
  app.route({
    method: 'GET',
    url: '/version',
    onRequest: [answersAs(words), ...guards.lookup],
    handler: async (_request, reply) => {
      const taken = await pastes.find('version').catch((error) => {
        if (isAppError(error, 'not_found', 'expired', 'deleted', 'burned')) return undefined
        throw error
      })
      // Somebody may have taken the name before it was reserved; with a slash it is a paste's address all the same.
      return taken ? reply.redirect('/version/', 302) : reply.code(403).type(PLAIN).send(NOT_EXPOSED)
    },
  })
}
