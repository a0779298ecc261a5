import { Type } from 'typebox'
import { REMOVAL_REASONS } from '../paste/index.ts'

export { PROBLEM_SCHEMA as ProblemSchema } from '../core/index.ts'

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const time = () => Type.String({ format: 'date-time', examples: ['2026-12-01T12:00:00.000Z'] })
const words = <Word extends string>(all: readonly Word[]) => Type.Union(all.map((word) => Type.Literal(word)))

/** The query of a removal. */
export const RemovalQuerySchema = Type.Object(
  {
    reason: Type.Optional(words(REMOVAL_REASONS)),
    deny: Type.Optional(words(['true', 'false'])),
  },
  { additionalProperties: false },
)

/** The query of a denial. */
export const DenialQuerySchema = Type.Object(
  { reason: Type.Optional(words(REMOVAL_REASONS)) },
  { additionalProperties: false },
)

/** What an operator may know of a paste in any state. */
export const PasteFactsSchema = Type.Object({
  slug: Type.String(),
  kind: words(['paste', 'link']),
  state: words(['live', 'expired', 'deleted', 'removed', 'burned']),
  reason: nullable(Type.String({ description: 'Why an operator removed it', examples: ['spam'] })),
  createdAt: time(),
  updatedAt: time(),
  expiresAt: nullable(time()),
  endedAt: nullable(time()),
  visibility: words(['public', 'unlisted', 'private']),
  title: nullable(Type.String()),
  fileName: nullable(Type.String()),
  maxViews: nullable(Type.Integer()),
  views: Type.Integer(),
  sizeBytes: Type.Integer(),
  storedBytes: Type.Integer(),
  sha256: Type.String({ description: 'Of the content, lower-case hex' }),
  mediaType: Type.String(),
})
