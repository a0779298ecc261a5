import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { type Authorization, parseAuthorization, wantsPage } from '../http/index.ts'

/**
 * Lets only the operator pass, where `adminToken` is set: the token as `Authorization: Bearer` (RFC 6750), or as the
 * password of `Basic` (RFC 7617) with any user name, which a browser asks its user for. Throws `token_required` with
 * the challenge that fits the client, or `token_invalid`; where there is no token, `admin_only` unless `isAllowed`.
 */
export function requireAdmin(
  request: FastifyRequest,
  adminToken: string | undefined,
  isAllowed?: (request: FastifyRequest) => boolean,
): void {
  if (adminToken === undefined) {
    if (isAllowed && !isAllowed(request))
      throw new AppError('admin_only', { detail: 'Without ADMIN_TOKEN only the machine itself is told. Set one.' })
    return
  }
  const { authorization } = request.headers
  const given = parseAuthorization(authorization)
  const token = given && tokenOf(given)
  if (token !== undefined && areEqual(token, adminToken)) return
  const challenge = {
    'www-authenticate': wantsPage(request.headers) ? 'Basic realm="operator", charset="UTF-8"' : 'Bearer',
  }
  // A browser asks again only when it is challenged again: a wrong password is not the end of it.
  if (token === undefined || given?.scheme === 'basic')
    throw new AppError('token_required', { detail: 'This needs the admin token.', headers: challenge })
  throw new AppError('token_invalid', { detail: 'This is not the admin token.' })
}

function tokenOf({ scheme, credentials }: Authorization): string | undefined {
  if (scheme === 'bearer') return credentials
  if (scheme !== 'basic') return undefined
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined
}

/** Compares digests, so in constant time whatever the lengths. */
function areEqual(given: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'))
}
