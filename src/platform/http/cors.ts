import type { FastifyInstance } from 'fastify'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const REQUEST_HEADERS = [
  'Authorization, Content-Type, Content-Encoding, Content-Digest, Idempotency-Key, If-Match, If-None-Match, Range',
  'Tus-Resumable, Upload-Checksum, Upload-Concat, Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset',
  'X-HTTP-Method-Override, X-Requested-With',
].join(', ')
const EXPOSED = [
  'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, X-Edit-Token, X-Paste-Url, X-Request-Id, Content-Range',
  'Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Concat, Upload-Expires',
  'Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset',
].join(', ')
const PREFLIGHT_SECONDS = '7200'

/**
 * Lets pages of other sites use the REST API (Fetch standard, section 3.2). No cookie exists and credentials are never
 * allowed, so another site can do no more than its own server could: what protects a paste is its edit token.
 */
export function allowCrossOrigin(app: FastifyInstance, allowedOrigin: string): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/')) return
    const isPreflight = [route.method].flat().includes('OPTIONS')
    route.onRequest = [
      (_request, reply, done) => {
        reply.header('access-control-allow-origin', allowedOrigin).header('access-control-expose-headers', EXPOSED)
        if (isPreflight)
          reply
            .header('access-control-allow-methods', METHODS)
            .header('access-control-allow-headers', REQUEST_HEADERS)
            .header('access-control-max-age', PREFLIGHT_SECONDS)
        done()
      },
      ...[route.onRequest ?? []].flat(),
    ]
  })
  app.options('/api/*', async (_request, reply) => reply.code(204).send())
}
