import { AppError } from '../../core/index.ts'

/** A query string as Fastify parses it: a repeated parameter has an array. */
export type Query = Record<string, string | string[] | undefined>

/** The value of a parameter, undefined if absent. Throws `duplicate_field` for a repeated one. */
export function single(query: Query, name: string): string | undefined {
  const value = query[name]
  if (!Array.isArray(value)) return value
  throw new AppError('duplicate_field', { detail: `?${name}= came twice.`, members: { pointer: `/${name}` } })
}

/** `validation_failed` with a pointer to the parameter. */
export function invalid(name: string, detail: string): AppError {
  return new AppError('validation_failed', { detail, members: { pointer: `/${name}` } })
}
