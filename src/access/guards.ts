import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { AppError } from '../core/index.ts'
import { givenSecret, wantsPage } from '../http/index.ts'
import type { Scope } from './key.ts'
import type { AccessKeys } from './keys.ts'

/** Who may create, and who may read. */
export type AccessRules = { create: 'anyone' | 'keys' | 'off'; read: 'anyone' | 'keys' }

/** What the guards ask. */
export type AccessDeps = {
  rules: AccessRules
  keys: Pick<AccessKeys, 'allows'>
  /** Whether a secret is the admin token, which is a key for everything. */
  isAdminToken(secret: string): boolean
}

/**
 * The first hooks of the routes that create and that read; none where anyone may. They throw `creates_off`,
 * `key_required` with a challenge, and `key_invalid`.
 */
export function createAccessGuards(deps: AccessDeps): Record<Scope, onRequestHookHandler[]> {
  const { rules } = deps
  return {
    create: rules.create === 'off' ? [refuseAll] : rules.create === 'keys' ? [guard(deps, 'create')] : [],
    read: rules.read === 'keys' ? [guard(deps, 'read')] : [],
  }
}

const refuseAll: onRequestHookHandler = (_request, _reply, done) =>
  done(new AppError('creates_off', { detail: 'This service takes no new pastes.' }))

function guard(deps: AccessDeps, scope: Scope): onRequestHookHandler {
  return (request, _reply, done) => void admit(deps, scope, request).then(() => done(), done)
}

async function admit({ keys, isAdminToken }: AccessDeps, scope: Scope, request: FastifyRequest): Promise<void> {
  const { secret, isPassword } = givenSecret(request.headers.authorization)
  if (secret !== undefined && (isAdminToken(secret) || (await keys.allows(secret, scope)))) return
  const headers = { 'www-authenticate': isBrowser(request) ? 'Basic realm="key", charset="UTF-8"' : 'Bearer' }
  // A browser asks again only when it is challenged again: a wrong password is not the end of it.
  if (secret === undefined || isPassword)
    throw new AppError('key_required', {
      detail: `To ${scope} here, send a key as "Authorization: Bearer key_…", or as a password.`,
      headers,
    })
  throw new AppError('key_invalid', { detail: `This is no key, or one that may not ${scope}.` })
}

/** Whether a browser sent it, which can ask its user: for a page, or from a page's script. */
function isBrowser({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] !== undefined || wantsPage(headers)
}
