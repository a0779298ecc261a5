import { isDeepStrictEqual } from 'node:util'

type Json = Record<string, unknown>

const PROBLEM = { $ref: '#/components/schemas/Problem' }
const EXAMPLES = new Set(['example', 'examples', 'enum'])
const PROBLEM_RESPONSE = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: PROBLEM } },
}

/**
 * An OpenAPI 3.1 document in the form that generators of clients understand best: schemas with a title are components of
 * that name, a choice of words is one `enum`, a type that may be null a list of types, and every operation says that its
 * errors are problems. Changes the given document.
 */
export function tidyDocument(document: Json): Json {
  const schemas: Json = {}
  const tidied = tidySchemas(document.paths, schemas) as Record<string, Json>
  for (const path of Object.values(tidied))
    for (const operation of Object.values(path) as Json[]) {
      const responses = operation.responses as Json
      for (const [status, response] of Object.entries(responses))
        if (isProblem(response as Json)) responses[status] = PROBLEM_RESPONSE
      responses.default ??= PROBLEM_RESPONSE
    }
  document.components = { ...(document.components as Json), schemas }
  document.paths = tidied
  return document
}

function isProblem({ content }: Json): boolean {
  const json = (content as Json | undefined)?.['application/json'] as Json | undefined
  return (json?.schema as Json | undefined)?.$ref === PROBLEM.$ref
}

function tidySchemas(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => tidySchemas(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    EXAMPLES.has(name) ? item : tidySchemas(item, schemas),
  ])
  const schema = simplified(Object.fromEntries(entries))
  const { title, ...untitled } = schema
  if (typeof title !== 'string') return schema
  const known = schemas[title]
  // Two schemas of one name would be one type for a generator.
  if (known !== undefined && !isDeepStrictEqual(known, untitled)) return untitled
  schemas[title] = untitled
  return { $ref: `#/components/schemas/${title}` }
}

/** A choice between words as `enum`; a choice between a type and null as a type that may be null. */
function simplified(schema: Json): Json {
  const { anyOf, ...others } = schema
  if (!Array.isArray(anyOf)) return schema
  const words = anyOf.map(wordOf)
  if (words.every((word) => word !== undefined)) return { type: 'string', enum: words, ...others }
  const [one, ...more] = (anyOf as Json[]).filter(({ type }) => type !== 'null')
  const mayBeNull = anyOf.length === 2 && more.length === 0
  if (!mayBeNull || typeof one?.type !== 'string' || one.enum !== undefined) return schema
  return { ...one, ...others, type: [one.type, 'null'] }
}

function wordOf(schema: Json): unknown {
  const { type, const: word, enum: words } = schema
  if (type !== 'string') return undefined
  return word ?? (Array.isArray(words) && words.length === 1 ? words[0] : undefined)
}
