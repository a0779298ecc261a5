import type { FastifyRequest } from 'fastify'
import type { Logger } from '../../core/index.ts'

/**
 * Warns once when a peer that is not trusted sends `X-Forwarded-For`. Behind such a proxy all clients count as one, so
 * that the misses of one limit everybody.
 */
export function warnOfUnknownForwarder(logger: Logger): (request: FastifyRequest) => void {
  let isTold = false
  return (request) => {
    if (isTold || request.headers['x-forwarded-for'] === undefined) return
    if (request.ip !== request.socket.remoteAddress) return
    isTold = true
    logger.warn(
      {},
      'X-Forwarded-For came from an address that TRUSTED_PROXIES does not name, and is not believed: if that is your proxy, name it, else all its clients share one rate limit',
    )
  }
}
