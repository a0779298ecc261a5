import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers that last as long as the client likes, and would make the figures of all others meaningless. */
    untimed?: boolean
  }
  interface FastifyReply {
    /** When the request came, on the clock of `performance.now()`; 0 before it is timed. */
    begunAt: number
  }
}

/**
 * Hears of every answered request of one method and route: the first digit of its status (4 also where the client left
 * before an answer began), and the bytes that the connection has received and sent since the request before.
 */
export type Answered = (
  hundreds: number,
  durationMs: number,
  bytesIn: number,
  bytesOut: number,
  request: FastifyRequest,
) => void

/** Asked once for each method and route (`/raw/:slug`, or `none`), when the first request for it comes. */
export type RequestListener = (method: string, route: string) => Answered

const READ = Symbol('bytes read before')
const WRITTEN = Symbol('bytes written before')
type CountedSocket = Socket & { [READ]?: number; [WRITTEN]?: number }

/**
 * Times every request of the routes that are declared from now on, until its answer is sent or its client is gone.
 * Fastify's `onResponse` would cost a microsecond, and not hear of clients that leave. Gives the function that times a
 * request which has met no route, or failed before it.
 */
export function timeRequests(
  app: FastifyInstance,
  listeners: readonly RequestListener[],
): (request: FastifyRequest, reply: FastifyReply) => void {
  const known = new Map<string, readonly Answered[]>()
  const heardBy = (method: string, route: string): readonly Answered[] => {
    const name = `${method} ${route}`
    const all = known.get(name) ?? listeners.map((listener) => listener(method, route))
    known.set(name, all)
    return all
  }
  const begin = (request: FastifyRequest, reply: FastifyReply, answered: readonly Answered[]) => {
    reply.begunAt = performance.now()
    reply.raw.on('close', () => report(request, reply, answered))
  }
  app.decorateReply('begunAt', 0)
  app.addHook('onRoute', (route) => {
    if (route.config?.untimed) return
    const byMethod = new Map<string, readonly Answered[]>()
    const hook: onRequestHookHandler = (request, reply, done) => {
      const { method } = request
      let answered = byMethod.get(method)
      if (answered === undefined) {
        answered = heardBy(method, route.url)
        byMethod.set(method, answered)
      }
      begin(request, reply, answered)
      done()
    }
    route.onRequest = [hook, ...listOf(route.onRequest)]
  })
  return (request, reply) => {
    if (reply.begunAt !== 0 || request.routeOptions.config?.untimed) return
    const isStandard = STANDARD_METHODS.has(request.method)
    begin(request, reply, heardBy(isStandard ? request.method : 'OTHER', request.routeOptions.url ?? 'none'))
  }
}

/** Everybody may send any method: without this, figures would have as many series as somebody likes. */
const STANDARD_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function report(request: FastifyRequest, reply: FastifyReply, answered: readonly Answered[]): void {
  const durationMs = performance.now() - reply.begunAt
  const socket = request.raw.socket as CountedSocket
  const { bytesRead = 0, bytesWritten = 0 } = socket
  const bytesIn = bytesRead - (socket[READ] ?? 0)
  const bytesOut = bytesWritten - (socket[WRITTEN] ?? 0)
  socket[READ] = bytesRead
  socket[WRITTEN] = bytesWritten
  const hundreds = reply.raw.headersSent ? (reply.raw.statusCode / 100) | 0 : 4
  for (let index = 0; index < answered.length; index++)
    (answered[index] as Answered)(hundreds, durationMs, bytesIn, bytesOut, request)
}

function listOf(hooks: RouteOptions['onRequest']): onRequestHookHandler[] {
  return hooks === undefined ? [] : ([hooks].flat() as onRequestHookHandler[])
}
