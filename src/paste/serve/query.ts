import { AppError } from '../../core/index.ts'

/** A query string as Fastify parses it: a name that comes several times has a list. */
export type Query = Record<string, string | string[] | undefined>

/** The value of a parameter, undefined when it is absent. Throws `duplicate_field` when it came several times. */
export function single(query: Query, name: string): string | undefined {
  const value = query[name]
  if (!Array.isArray(value)) return value
  throw new AppError('duplicate_field', { detail: `?${name}= came twice.`, members: { pointer: `/${name}` } })
}

/** The error for a parameter whose value can't be one: `validation_failed`, with a pointer to it. */
export function invalid(name: string, detail: string): AppError {
  return new AppError('validation_failed', { detail, members: { pointer: `/${name}` } })
}
