import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { givenSecret, wantsPage } from '../http/index.ts'

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
  const { secret, isPassword } = givenSecret(request.headers.authorization)
  if (secret !== undefined && areEqual(secret, adminToken)) return
  const challenge = {
    'www-authenticate': wantsPage(request.headers) ? 'Basic realm="operator", charset="UTF-8"' : 'Bearer',
  }
  // A browser asks again only when it is challenged again: a wrong password is not the end of it.
  if (secret === undefined || isPassword)
    throw new AppError('token_required', { detail: 'This needs the admin token.', headers: challenge })
  throw new AppError('token_invalid', { detail: 'This is not the admin token.' })
}

/** As {@link requireAdmin}, for what nobody may do where there is no admin token: throws `admin_only` there. */
export function requireOperator(request: FastifyRequest, adminToken: string | undefined): void {
  if (adminToken === undefined)
    throw new AppError('admin_only', {
      detail: 'This is possible only where the service has an ADMIN_TOKEN, for who sends it as Authorization: Bearer.',
    })
  requireAdmin(request, adminToken)
}

/** Whether a secret is the admin token; compares digests, so in constant time whatever the lengths. */
export function isAdminToken(secret: string, adminToken: string | undefined): boolean {
  return adminToken !== undefined && areEqual(secret, adminToken)
}

function areEqual(given: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'))
}
