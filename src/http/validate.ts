import type { Static, TSchema } from 'typebox'
import type { Validator } from 'typebox/compile'
import { AppError, type ProblemCode } from '../core/index.ts'

type Failure = { keyword: string; instancePath: string; params: Record<string, unknown>; message: string }

const compiled = new WeakMap<TSchema, Promise<Validator>>()

/**
 * Checks a value of unknown origin against a TypeBox schema, without coercing and without dropping anything.
 * Throws `unknown_field` for a member outside the schema and `validation_failed` for anything else; both
 * carry `pointer` (RFC 6901) to the member. `codes` names another code for a failure at a pointer, such as
 * `{ '/limit': 'invalid_limit' }`.
 */
export async function validate<Schema extends TSchema>(
  schema: Schema | Promise<Schema>,
  value: unknown,
  codes: Record<string, ProblemCode> = {},
): Promise<Static<Schema>> {
  const validator = await compile(await schema)
  if (validator.Check(value)) return value as Static<Schema>
  const failures = validator.Errors(value) as unknown as Failure[]
  throw describe(failures, codes)
}

// The compiler costs some 50 ms and 10 MB to load: a server that has served no JSON yet does without it.
function compile(schema: TSchema): Promise<Validator> {
  let validator = compiled.get(schema)
  if (!validator) {
    validator = import('typebox/compile').then(({ Compile }) => Compile(schema) as Validator)
    compiled.set(schema, validator)
  }
  return validator
}

function describe(failures: Failure[], codes: Record<string, ProblemCode>): AppError {
  const unknown = failures.find((failure) => failure.keyword === 'additionalProperties')
  if (unknown) {
    const names = unknown.params.additionalProperties as string[]
    const pointer = `${unknown.instancePath}/${escapePointer(names[0] ?? '')}`
    return new AppError('unknown_field', {
      detail: `There is no field ${JSON.stringify(names[0])} here.`,
      members: { pointer },
    })
  }
  // Of an anyOf, the last failure is the summary; the first is about one alternative.
  const failure = failures.findLast((entry) => entry.keyword === 'anyOf') ?? failures[0]
  const missing = failure?.params.requiredProperties as string[] | undefined
  const pointer = `${failure?.instancePath ?? ''}${missing ? `/${escapePointer(missing[0] ?? '')}` : ''}`
  const detail = `${pointer || 'The value'} ${missing ? 'is missing' : (failure?.message ?? 'is not valid')}.`
  return new AppError(codes[pointer] ?? 'validation_failed', { detail, members: { pointer } })
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
