import type { IncomingMessage } from 'node:http'

const GIVEN = /^[A-Za-z0-9._-]{8,64}$/

/**
 * Makes request ids: the client's or the load balancer's `X-Request-Id` where it is 8 to 64 harmless characters,
 * otherwise a random prefix of this process and a counter.
 */
export function createRequestIds(prefix: string): (request: IncomingMessage) => string {
  let count = 0
  return (request) => {
    const given = request.headers['x-request-id']
    if (typeof given === 'string' && GIVEN.test(given)) return given
    count = (count + 1) % 2 ** 48
    return `${prefix}-${count.toString(36)}`
  }
}
