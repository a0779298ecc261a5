import { Type } from 'typebox'

/** What haste answers to a create. */
export const HasteCreatedSchema = Type.Object({ key: Type.String({ description: 'The slug' }) })

/** What haste answers to a read. */
export const HasteDocumentSchema = Type.Object({ data: Type.String({ description: 'The text' }), key: Type.String() })

/** What bytebin answers to a create. */
export const BytebinCreatedSchema = Type.Object({ key: Type.String({ description: 'The slug' }) })

const strict = { additionalProperties: false }
const words = (description: string) => Type.Optional(Type.Union([Type.String({ description }), Type.Null()]))

/** pinnwand's `POST /api/v1/paste`. */
export const PinnwandPasteSchema = Type.Object(
  {
    expiry: words('Such as 1day'),
    files: Type.Array(
      Type.Object({ name: words('File name'), lexer: words('Language'), content: Type.String() }, strict),
      {
        minItems: 1,
      },
    ),
  },
  strict,
)

/** What pinnwand answers to a create. */
export const PinnwandLinksSchema = Type.Object({
  link: Type.String(),
  removal: Type.String({ description: 'DELETE it; GET removes nothing' }),
})

/** Names, and what each means. */
export const PinnwandListSchema = Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()]))

/** wastebin's `POST /`. */
export const WastebinPasteSchema = Type.Object(
  {
    text: Type.String(),
    extension: words('File ending, the language'),
    title: words('One line'),
    expires: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
    burn_after_reading: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  },
  strict,
)

/** `POST /gists`: one file. */
export const GistSchema = Type.Object(
  {
    description: words('The title'),
    public: Type.Optional(Type.Boolean()),
    files: Type.Record(Type.String(), Type.Object({ content: Type.String() }, strict), {
      minProperties: 1,
      maxProperties: 1,
    }),
  },
  strict,
)

/** PrivateBin's envelope, format 2: what its clients encrypted, and how. */
export const PrivateBinSchema = Type.Object(
  {
    v: Type.Literal(2),
    adata: Type.Tuple([
      Type.Tuple([
        Type.String({ maxLength: 64 }),
        Type.String({ maxLength: 64 }),
        Type.Integer({ minimum: 1 }),
        Type.Integer({ minimum: 1 }),
        Type.Integer({ minimum: 1 }),
        Type.Literal('aes'),
        Type.Union([Type.Literal('gcm'), Type.Literal('ctr'), Type.Literal('cbc')]),
        Type.Union([Type.Literal('zlib'), Type.Literal('none')]),
      ]),
      Type.Union([Type.Literal('plaintext'), Type.Literal('syntaxhighlighting'), Type.Literal('markdown')]),
      Type.Union([Type.Literal(0), Type.Literal(1)], {
        description: 'A discussion; refused, as there are no comments',
      }),
      Type.Union([Type.Literal(0), Type.Literal(1)], { description: '1: to be read once' }),
    ]),
    ct: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'The ciphertext in base64' }),
    meta: Type.Object({ expire: Type.Optional(Type.String({ maxLength: 32 })) }, strict),
    id: Type.Optional(Type.Literal('')),
  },
  strict,
)

/** PrivateBin's deletion. */
export const PrivateBinDeletionSchema = Type.Object({ pasteid: Type.String(), deletetoken: Type.String() }, strict)

/** What a gist is answered as. */
export const GistViewSchema = Type.Object({
  id: Type.String(),
  url: Type.String(),
  html_url: Type.String(),
  public: Type.Boolean(),
  description: Type.Union([Type.String(), Type.Null()]),
  created_at: Type.String(),
  updated_at: Type.String(),
  files: Type.Record(
    Type.String(),
    Type.Object({
      filename: Type.String(),
      type: Type.String(),
      language: Type.Union([Type.String(), Type.Null()]),
      size: Type.Integer(),
      raw_url: Type.String(),
    }),
  ),
})

/** A body of any media type. */
export const AnyBody = {
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
}

/** Words. */
export const Words = { description: 'Words', content: { 'text/plain': { schema: { type: 'string' } } } }

/** An error as another service's clients read it. */
export const MessageSchema = Type.Object({ message: Type.String() })
