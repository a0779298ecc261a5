import type { FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'

const KEY = /^[\x21-\x7e]{1,128}$/
// A random UUID (RFC 9562, versions 4 and 7), or at least 128 bits in hexadecimal.
const RANDOM = /^(?:[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}|[\da-f]{32,128})$/i

/**
 * The Idempotency-Key of a request as it is stored, undefined without one. A repetition gets the edit token of the first
 * request, so a key that others may guess (`nightly-build`) belongs to one client, as rate limits count them; a random
 * one is a secret by itself, and its request may be repeated from another address, as phones do. Throws
 * `invalid_idempotency_key` (1 to 128 visible ASCII characters).
 */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key']
  if (header === undefined) return undefined
  const key = `${header}`
  if (!KEY.test(key))
    throw new AppError('invalid_idempotency_key', {
      detail: 'Send 1 to 128 visible ASCII characters, such as a UUID.',
    })
  // A space is in no key, so no key names another client.
  return RANDOM.test(key) ? key : `${key} ${request.intake?.client() ?? request.ip}`
}
