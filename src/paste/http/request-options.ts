import type { FastifyRequest } from 'fastify'
import { AppError } from '../../core/index.ts'
import { bearerToken, validate } from '../../http/index.ts'
import { OPTION_NAMES, type PasteOptions, type Preconditions } from '../model/index.ts'
import { headerOptions } from './header-options.ts'
import { loadSchemas } from './load-schemas.ts'
import { filledIn, mergePlaces, type Place, withTypes } from './option-places.ts'

const CODES = {
  '/expiresIn': 'invalid_expiry',
  '/expiresAt': 'invalid_expiry',
  '/language': 'invalid_language',
  '/title': 'invalid_title',
} as const

/** The names of the option fields of a form. */
export const OPTION_FIELDS: ReadonlySet<string> = new Set(OPTION_NAMES)

/** The options of a request and the name of its file. */
export type RequestOptions = { options: PasteOptions; fileName: string | undefined }

/**
 * The options of a request, wherever they stand: in its query string, its headers, and the `places` of its body and
 * path. `besides` are query parameters that the route reads itself. Throws `conflicting_options`, `duplicate_field`, `token_in_url`, and as {@link validate}.
 */
export async function requestOptions(
  request: FastifyRequest,
  places: readonly Place[] = [],
  besides: readonly string[] = [],
): Promise<RequestOptions> {
  const own = [queryPlace(request, besides), headerOptions(request.headers)].filter((place) => place !== undefined)
  const merged = mergePlaces([...own, ...places])
  if (Object.keys(merged).length === 0) return { options: {}, fileName: undefined }
  const { fileName, ...options } = await validate(
    loadSchemas().then((s) => s.RawQuerySchema),
    merged,
    CODES,
  )
  return { options, fileName }
}

/** Whether a request has options in its address or its headers. Throws as {@link requestOptions}. */
export function hasOptions({ raw }: FastifyRequest): boolean {
  return raw.url?.includes('?') === true || headerOptions(raw.headers) !== undefined
}

function queryPlace(request: FastifyRequest, besides: readonly string[]): Place | undefined {
  const query = request.query as Record<string, string | string[]>
  const names = Object.keys(query)
  if (names.length === 0) return undefined
  const repeated = names.find((name) => Array.isArray(query[name]))
  if (repeated !== undefined)
    throw new AppError('duplicate_field', { detail: `?${repeated}= came twice.`, members: { pointer: `/${repeated}` } })
  refuseTokenInUrl(request)
  const present = filledIn(query as Record<string, string>)
  for (const name of besides) delete present[name]
  return { name: 'the query', values: withTypes(present) }
}

/** Throws `unknown_field` for a query parameter that is not among `known`, and `token_in_url`. */
export function refuseOtherQuery(request: FastifyRequest, known: readonly string[] = []): void {
  if (!request.raw.url?.includes('?')) return
  refuseTokenInUrl(request)
  const unknown = Object.keys(request.query as object).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new AppError('unknown_field', {
      detail: `There is no parameter ${JSON.stringify(unknown)} here.`,
      members: { pointer: `/${unknown}` },
    })
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

/** The preconditions of a change. */
export function preconditions({ headers }: FastifyRequest): Preconditions {
  return {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  }
}
