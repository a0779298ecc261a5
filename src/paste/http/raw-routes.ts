import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Serving } from '../serve/index.ts'
import type { PasteRouteDeps } from './route-deps.ts'

/** `/raw/:slug` and `/download/:slug`: the bytes, inline or as attachment. The hottest path of the service. */
export function rawRoutes(app: FastifyInstance, deps: PasteRouteDeps): void {
  const { pastes, serveContent, guards } = deps
  for (const [url, as] of [
    ['/raw/:slug', 'inline'],
    ['/raw/:slug/', 'inline'],
    ['/download/:slug', 'attachment'],
    ['/download/:slug/', 'attachment'],
  ] as const) {
    const how: Serving = { as, negotiated: false, via: 'raw' }
    app.route({
      method: ['GET', 'HEAD'],
      url,
      onRequest: guards.lookup,
      handler: (request: FastifyRequest, reply: FastifyReply) => {
        const { slug } = request.params as { slug: string }
        const paste = pastes.peek(slug)
        // Cached content is sent in the same turn of the event loop: a promise would cost as much as the response.
        if (paste) return serveContent(request, reply, paste, how)
        // Slugs hold no dot: what follows one is an ending that somebody added.
        return pastes.find(slug.split('.', 1)[0] ?? '').then((found) => serveContent(request, reply, found, how))
      },
    })
  }
}
