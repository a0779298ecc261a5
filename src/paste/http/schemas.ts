import { type Static, type TSchema, Type } from 'typebox'
import { CUSTOM_SLUG_PATTERN } from '../../shortening/index.ts'
import type { OPTION_NAMES } from '../model/index.ts'

export { PROBLEM_SCHEMA as ProblemSchema } from '../../core/index.ts'

const strict = { additionalProperties: false }
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const time = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-12-01T12:00:00.000Z'] })

/** Bytes of any media type. */
export const BinarySchema = { type: 'string', format: 'binary' }
/** A response with the content's bytes. */
export const BytesResponse = {
  description: 'The bytes',
  content: { 'application/octet-stream': { schema: BinarySchema } },
}

/** `public`, `unlisted` or `private`. */
export const VisibilitySchema = Type.Union(
  [Type.Literal('public'), Type.Literal('unlisted'), Type.Literal('private')],
  {
    description: 'public: listed; unlisted: reachable by its address; private: a long address, stored by no cache',
    default: 'unlisted',
  },
)

const expiresIn = Type.Union([Type.Integer({ minimum: 0 }), Type.String()], {
  description: 'Seconds, or a time such as 10m, 2h, 7d, 4w, or never',
  examples: ['7d'],
})
const expiresAt = Type.String({
  description: 'RFC 3339 time with a zone; not together with expiresIn',
  examples: ['2027-01-31T12:00:00Z'],
})

const options = {
  slug: Type.Optional(Type.String({ description: `Custom name: ${CUSTOM_SLUG_PATTERN}`, examples: ['build-log'] })),
  title: Type.Optional(Type.String({ description: 'One line, at most 200 characters' })),
  language: Type.Optional(Type.String({ description: 'Highlighting, such as python', examples: ['typescript'] })),
  expiresIn: Type.Optional(expiresIn),
  expiresAt: Type.Optional(expiresAt),
  visibility: Type.Optional(VisibilitySchema),
  burnAfterReading: Type.Optional(Type.Boolean({ description: 'Can be read once: the same as maxViews 1' })),
  maxViews: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How often it can be read' })),
} satisfies Record<(typeof OPTION_NAMES)[number], TSchema>

/** The options of a create, without content: multipart fields and query parameters. */
export const PasteOptionsSchema = Type.Object(options, strict)

/** The same in the query string of a raw body, and the file's name. */
export const RawQuerySchema = Type.Object(
  { ...options, fileName: Type.Optional(Type.String({ description: 'Name for downloads' })) },
  strict,
)

/** `POST /pastes` with a JSON body. */
export const CreatePasteSchema = Type.Object(
  { content: Type.String({ description: 'The text; up to 4 MiB as JSON, more as raw body or multipart' }), ...options },
  { ...strict, examples: [{ content: 'Hello\n', title: 'greeting', expiresIn: '7d' }] },
)

/** `POST /links`. */
export const CreateLinkSchema = Type.Object(
  {
    url: Type.String({ description: 'An absolute http or https URL', examples: ['https://example.com/a/long/way'] }),
    slug: options.slug,
    expiresIn: options.expiresIn,
    expiresAt: options.expiresAt,
  },
  strict,
)

/** `PATCH /pastes/:slug`: absent values stay, null removes one. */
export const ChangePasteSchema = Type.Object(
  {
    title: Type.Optional(nullable(Type.String())),
    language: Type.Optional(nullable(Type.String())),
    visibility: Type.Optional(VisibilitySchema),
    expiresIn: options.expiresIn,
    expiresAt: options.expiresAt,
  },
  { ...strict, minProperties: 1 },
)

const KEPT_BACK = 'null without the edit token where readings are counted'

/** A paste's metadata as JSON. */
export const PasteSchema = Type.Object({
  slug: Type.String(),
  url: Type.String({ format: 'uri', description: 'The page, or the bytes for programs' }),
  rawUrl: Type.String({ format: 'uri', description: 'The bytes' }),
  title: nullable(Type.String()),
  language: nullable(Type.String()),
  fileName: nullable(Type.String()),
  visibility: VisibilitySchema,
  size: nullable(Type.Integer({ description: `Bytes; ${KEPT_BACK}` })),
  lines: nullable(Type.Integer({ description: `Lines; ${KEPT_BACK}` })),
  sha256: nullable(Type.String({ description: `Lower-case hex; ${KEPT_BACK}` })),
  mediaType: Type.String({ description: 'The media type it is served with' }),
  maxViews: nullable(Type.Integer({ description: 'How often it can be read; null: no limit' })),
  views: Type.Integer({ description: 'Readings so far; counted only where there is a limit' }),
  version: Type.Integer({ description: 'Grows with every edit' }),
  createdAt: time('When it was made'),
  updatedAt: time('When it was last changed'),
  expiresAt: nullable(time('When it ends; null: never')),
})
export type PasteView = Static<typeof PasteSchema>

/** The answer to a create: the metadata and, this once, the edit token. */
export const CreatedPasteSchema = Type.Object({
  ...PasteSchema.properties,
  editToken: Type.String({ description: 'Authorization: Bearer … edits and deletes; shown only now' }),
})

/** A short link as JSON. */
export const CreatedLinkSchema = Type.Object({
  slug: Type.String(),
  url: Type.String({ format: 'uri' }),
  target: Type.String({ format: 'uri' }),
  createdAt: time('When it was made'),
  expiresAt: nullable(time('When it ends; null: never')),
  editToken: Type.String({ description: 'Authorization: Bearer … deletes it; shown only now' }),
})

/** A page of the public list. */
export const PasteListSchema = Type.Object({
  pastes: Type.Array(PasteSchema),
  nextCursor: nullable(Type.String({ description: 'Pass as ?cursor= for the next page; null at the end' })),
})

/** `GET /slugs/:slug`. */
export const AvailabilitySchema = Type.Object({
  slug: Type.String(),
  status: Type.Union([Type.Literal('free'), Type.Literal('taken'), Type.Literal('invalid'), Type.Literal('reserved')]),
  suggestion: nullable(Type.String({ description: 'A free name that resembles it' })),
})

/** `GET /limits`. */
export const LimitsSchema = Type.Object({
  maxPasteBytes: Type.Integer(),
  maxJsonBytes: Type.Integer(),
  expiry: Type.Object({
    defaultSeconds: nullable(Type.Number({ description: 'null: pastes stay for ever unless an expiry is given' })),
    minSeconds: Type.Number(),
    maxSeconds: nullable(Type.Number({ description: 'null: no limit, and never is allowed' })),
  }),
  access: Type.Object(
    {
      create: Type.Union([Type.Literal('anyone'), Type.Literal('keys'), Type.Literal('off')]),
      read: Type.Union([Type.Literal('anyone'), Type.Literal('keys')]),
    },
    { description: 'Who may make and who may read pastes' },
  ),
  slug: Type.Object({ pattern: Type.String(), minLength: Type.Integer(), maxLength: Type.Integer() }),
  rates: Type.Object({
    create: nullable(Type.Object({ count: Type.Integer(), windowSeconds: Type.Number() })),
    upload: nullable(Type.Object({ bytes: Type.Integer(), windowSeconds: Type.Number() })),
    read: nullable(Type.Object({ count: Type.Integer(), windowSeconds: Type.Number() })),
    miss: nullable(Type.Object({ count: Type.Integer(), windowSeconds: Type.Number() })),
  }),
})
