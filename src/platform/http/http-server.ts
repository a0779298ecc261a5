import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { AppError, type Logger } from '../../core/index.ts'
import { wantsPage } from '../../http/index.ts'
import { createAllowedMethods } from './allowed-methods.ts'
import { belowBase } from './base-path.ts'
import { limitConnections } from './connection-limit.ts'
import { bareAddresses } from './forwarded-for.ts'
import { answerExpectation, answerParserError } from './parser-errors.ts'
import { createPipelineGuard } from './pipelining.ts'
import { NOTHING_RUNS, type ProblemPage, sendProblem } from './problem.ts'
import { createRequestIds } from './request-id.ts'
import { warnOfUnknownForwarder } from './unknown-forwarder.ts'
import { wrongFraming } from './wrong-framing.ts'

/** What the HTTP server is built from. */
export type HttpOptions = {
  logger: Logger
  /** The path below which the service lives, such as `/paste`; requests may have it or not. */
  base?: string
  /** CIDR ranges whose X-Forwarded-For is believed; absent: no proxy is trusted. */
  trustedProxies: string[] | undefined
  /** 2 to 8 characters that tell this process from others in request ids. */
  idPrefix: string
  /** Connections at once; absent: no limit. */
  mostConnections?: number | undefined
  /** How long a connection may stand still in the middle of an answer or a request, ms. Default 2 minutes. */
  silenceMs?: number
  /** Renders problems for browsers. */
  problemPage: ProblemPage
  /** May replace an error before it is sent, such as a miss too many; or may wait. */
  beforeProblem?(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown | Promise<unknown>
}

/** The HTTP server and the paths of its routes. */
export type HttpServer = {
  app: FastifyInstance
  /** Paths as declared, such as `/raw/:slug`. */
  paths: string[]
  /** Listens (port 0: on a free one) and gives the address under which this machine reaches it. */
  listen(host: string, port: number): Promise<string>
  /** From now on every answer ends its connection: the load balancer is to go elsewhere. */
  drain(): void
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 900_000
const KEEP_ALIVE_MS = 75_000
const CHECK_INTERVAL_MS = 1_000
// Kernels take what is sent in steps of several 100 KB: a reader of 10 KB/s seems to stand still for a minute.
const SILENCE_MS = 120_000
const MAX_HEADER_BYTES = 16_384
const MAX_PARAM_LENGTH = 100

// Schemas are documentation here, handlers check by themselves; said this early, Ajv and its 90 files stay unloaded.
const WITHOUT_COMPILERS: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: {
    // Fastify's type wants a function made by Ajv; it calls any.
    buildValidator: () => () => (() => true) as never,
    buildSerializer: () => () => (value) => JSON.stringify(value),
  },
}

/**
 * A Fastify instance with the settings that reliability depends on: time limits that hold (Fastify switches Node's
 * off), no body read before a handler asks for it, no `100 Continue` before that, HEAD only for routes that declare it,
 * problem documents for every error, the parser's and the router's own included.
 */
export function createHttpServer(options: HttpOptions): HttpServer {
  const requestId = createRequestIds(options.idPrefix)
  const problems = {
    logger: options.logger,
    page: options.problemPage,
    wantsPage: (request: FastifyRequest) => !request.url.startsWith('/api/') && wantsPage(request.headers),
  }
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const replaced = options.beforeProblem?.(error, request, reply)
    if (replaced instanceof Promise) {
      replaced.then(
        (final) => sendProblem(final ?? error, request, reply, problems),
        () => sendProblem(error, request, reply, problems),
      )
    } else sendProblem(replaced ?? error, request, reply, problems)
  }
  const app = Fastify({
    trustProxy: options.trustedProxies ?? false,
    ...(options.base && { rewriteUrl: belowBase(options.base) }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A client that asks and never reads would keep its socket and our buffers for ever.
    connectionTimeout: options.silenceMs ?? SILENCE_MS,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: requestId,
    schemaController: WITHOUT_COMPILERS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      // Node would answer by itself, and not with a problem document.
      requireHostHeader: false,
    },
    routerOptions: {
      maxParamLength: MAX_PARAM_LENGTH,
      onMaxParamLength: (_path, request, response) => app.routing(Object.assign(request, { url: '/404/' }), response),
    },
    frameworkErrors: (error, request, reply) => fail(error, request, reply),
    clientErrorHandler: (error, socket) => answerParserError(error, socket, () => requestId({ headers: {} } as never)),
  })
  const allowed = createAllowedMethods()
  const paths: string[] = []
  const warnIfUnknown = warnOfUnknownForwarder(options.logger)
  let draining = false

  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat()
    // RFC 9110 section 9.1: HEAD wherever GET is. Fastify leaves the body out.
    const hasHead = methods.includes('HEAD') || app.hasRoute({ method: 'HEAD', url: route.url })
    if (methods.includes('GET') && !hasHead) route.method = [...methods, 'HEAD']
    allowed.add(route.method, route.url)
    paths.push(route.url)
  })
  const isTooMany = createPipelineGuard()
  app.addHook('onRequest', (request, reply, done) => {
    // Without `done` nothing more runs for it.
    if (isTooMany(request.raw, reply.raw)) {
      reply.hijack()
      return
    }
    reply.header('x-request-id', request.id)
    if (draining) reply.raw.shouldKeepAlive = false
    if (request.method === 'OPTIONS') reply.header('allow', allowOf(request.url))
    const { headers } = request.raw
    const forwarded = headers['x-forwarded-for']
    if (options.trustedProxies && typeof forwarded === 'string') headers['x-forwarded-for'] = bareAddresses(forwarded)
    warnIfUnknown(request)
    // An empty header says as little as none, and Fastify would refuse it.
    if (headers['content-type'] === '') delete headers['content-type']
    const refused = wrongFraming(request.raw)
    // Fastify answers QUERY by itself where no route has it.
    done(refused ?? (request.method === 'QUERY' ? noSuchAddress(request) : undefined))
  })
  // What a route doesn't say itself: no answer is taken for another type, runs anything or is framed.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', NOTHING_RUNS)
    if (!reply.hasHeader('x-content-type-options')) reply.header('x-content-type-options', 'nosniff')
    done()
  })
  // Handlers read bodies themselves: each knows its limit, and none is read before the request is found good.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.setErrorHandler((error, request, reply) => fail(error, request, reply))
  const allowOf = (url: string) => [...new Set([...methodsOf(url), 'OPTIONS'])].join(', ')
  const methodsOf = (url: string) => allowed.of(url.split('?', 1)[0] ?? '')
  const noSuchAddress = ({ url, method }: FastifyRequest) => {
    const methods = methodsOf(url)
    return methods.length > 0 && !methods.includes(method)
      ? new AppError('method_not_allowed', { headers: { allow: methods.join(', ') } })
      : new AppError('not_found', { detail: 'There is nothing at this address.' })
  }
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'OPTIONS' && methodsOf(request.url).length > 0) return reply.code(204).send()
    fail(noSuchAddress(request), request, reply)
  })
  // A client that has sent its request and then closes its half still waits for the answer.
  Object.assign(app.server, { httpAllowHalfOpen: true })
  if (options.mostConnections !== undefined)
    limitConnections(app.server, options.mostConnections, { logger: options.logger, now: () => performance.now() })
  app.server.on('checkContinue', (request, response) => app.routing(request, response))
  app.server.on('checkExpectation', (request, response) => answerExpectation(response, requestId(request)))
  return {
    app,
    paths,
    async listen(host, port) {
      await app.listen({ host, port })
      const bound = app.server.address()
      return `http://${readableHost(host)}:${typeof bound === 'object' && bound ? bound.port : port}`
    },
    drain() {
      draining = true
    },
  }
}

function readableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
