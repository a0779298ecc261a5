import type { FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { bearerToken, validate } from '../../http/index.ts'
import { OPTION_NAMES, type PasteOptions, type Preconditions } from '../model/index.ts'
import { loadSchemas } from './load-schemas.ts'

const CODES = {
  '/expiresIn': 'invalid_expiry',
  '/expiresAt': 'invalid_expiry',
  '/language': 'invalid_language',
  '/title': 'invalid_title',
} as const

/** The names of the option fields of a form. */
export const OPTION_FIELDS: ReadonlySet<string> = new Set(OPTION_NAMES)

/** Options of a multipart form, whose text fields are converted to numbers and booleans. Throws as {@link validate}. */
export function optionsOfFields(fields: Record<string, string>): Promise<PasteOptions> {
  return validate(
    loadSchemas().then((s) => s.PasteOptionsSchema),
    withTypes(fields),
    CODES,
  )
}

/** Options in the query string of a raw body. Throws `duplicate_field`, and as {@link validate}. */
export async function optionsOfQuery(
  request: FastifyRequest,
): Promise<{ options: PasteOptions; fileName: string | undefined }> {
  const query = request.query as Record<string, string | string[]>
  const names = Object.keys(query)
  if (names.length === 0) return { options: {}, fileName: undefined }
  const repeated = names.find((name) => Array.isArray(query[name]))
  if (repeated !== undefined)
    throw new AppError('duplicate_field', { detail: `?${repeated}= came twice.`, members: { pointer: `/${repeated}` } })
  refuseTokenInUrl(request)
  const present = Object.fromEntries(
    Object.entries(query as Record<string, string>).filter(([, value]) => value !== ''),
  )
  const { fileName, ...options } = await validate(
    loadSchemas().then((s) => s.RawQuerySchema),
    withTypes(present),
    CODES,
  )
  return { options, fileName }
}

/** Throws `token_in_url`: addresses end up in histories and logs, tokens must not. */
export function refuseTokenInUrl(request: FastifyRequest): void {
  const query = request.query as Record<string, unknown>
  if ('token' in query || 'editToken' in query)
    throw new AppError('token_in_url', { detail: 'Send the token as "Authorization: Bearer …".' })
}

/** The edit token that a request sends as Bearer, if any. Throws `token_in_url`. */
export function editTokenOf(request: FastifyRequest): string | undefined {
  refuseTokenInUrl(request)
  return bearerToken(request.headers.authorization)
}

/** The Idempotency-Key, if any. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key']
  return header === undefined ? undefined : `${header}`
}

/** The preconditions of a change. */
export function preconditions(request: FastifyRequest): Preconditions {
  return { ifMatch: request.headers['if-match'], ifUnmodifiedSince: request.headers['if-unmodified-since'] }
}

// Forms and query strings have text only; JSON has numbers and booleans.
function withTypes(fields: Record<string, string>): Record<string, unknown> {
  const typed: Record<string, unknown> = { ...fields }
  for (const name of ['expiresIn', 'maxViews'])
    if (/^-?\d+$/.test(fields[name] ?? '')) typed[name] = Number(fields[name])
  const { burnAfterReading } = fields
  if (burnAfterReading === 'true' || burnAfterReading === 'false') typed.burnAfterReading = burnAfterReading === 'true'
  return typed
}
