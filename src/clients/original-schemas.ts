import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }
const customUrl = Type.Optional(Type.String({ description: 'Custom name' }))

/** `POST /api/paste`. */
export const OriginalPasteSchema = Type.Object({ content: Type.String(), customUrl }, strict)
/** `POST /api/paste/expiry`. */
export const OriginalExpiryPasteSchema = Type.Object(
  { content: Type.String(), expiry: Type.Integer({ description: 'Seconds' }), customUrl },
  strict,
)
/** The part of it that this service takes from nowhere else. */
export const SecondsSchema = Type.Object({ expiry: OriginalExpiryPasteSchema.properties.expiry })
/** The response of both. */
export const OriginalCreatedSchema = Type.Object({
  id: Type.String({ description: 'The slug' }),
  url: Type.String({ format: 'uri' }),
})
export type Created = Static<typeof OriginalCreatedSchema>

/** `GET /api/paste/content?url=` and `GET /getObject?url=`. */
export const UrlQuerySchema = Type.Object({ url: Type.String() })

/** `GET /api/v1/shortenURL?original_url=`. */
export const OriginalUrlQuerySchema = Type.Object({ original_url: Type.String() })

/** `GET /api/paste/content/:id`. */
export const OriginalContentSchema = Type.Object({ content: Type.String() })

/** A response with the bytes. */
export const OriginalBytes = {
  description: 'The bytes',
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
}

/** A response of one line. */
export const OriginalText = {
  description: 'The short address',
  content: { 'text/plain': { schema: { type: 'string' } } },
}
