import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/index.ts'
import { prefersHtml } from '../http/index.ts'

/**
 * Lets only the operator pass, where `adminToken` is set: the token as `Authorization: Bearer` (RFC 6750), or as the
 * password of `Basic` (RFC 7617) with any user name, which a browser asks its user for. Throws `token_required` with
 * the challenge that fits the client, or `token_invalid`.
 */
export function requireAdmin(request: FastifyRequest, adminToken: string | undefined): void {
  if (adminToken === undefined) return
  const { authorization, accept } = request.headers
  const given = tokenOf(authorization)
  if (given !== undefined && areEqual(given, adminToken)) return
  const challenge = { 'www-authenticate': prefersHtml(accept) ? 'Basic realm="operator", charset="UTF-8"' : 'Bearer' }
  // A browser asks again only when it is challenged again: a wrong password is not the end of it.
  if (given === undefined || /^Basic /i.test(authorization ?? ''))
    throw new AppError('token_required', { detail: 'This needs the admin token.', headers: challenge })
  throw new AppError('token_invalid', { detail: 'This is not the admin token.' })
}

function tokenOf(authorization = ''): string | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +(\S.*)$/i.exec(authorization) ?? []
  if (scheme === undefined || value === undefined) return undefined
  if (scheme.toLowerCase() === 'bearer') return value
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined
}

/** Compares digests, so in constant time whatever the lengths. */
function areEqual(given: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'))
}
