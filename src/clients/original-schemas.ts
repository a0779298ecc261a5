import { type Static, Type } from 'typebox'

const strict = { additionalProperties: false }
const customUrl = Type.Optional(Type.String({ description: 'Custom name' }))

/** `POST /api/paste`. */
export const PasteSchema = Type.Object({ content: Type.String(), customUrl }, strict)
/** `POST /api/paste/expiry`. */
export const ExpirySchema = Type.Object(
  { content: Type.String(), expiry: Type.Integer({ description: 'Seconds' }), customUrl },
  strict,
)
/** The part of it that this service takes from nowhere else. */
export const SecondsSchema = Type.Object({ expiry: ExpirySchema.properties.expiry })
/** The response of both. */
export const CreatedSchema = Type.Object({
  id: Type.String({ description: 'The slug' }),
  url: Type.String({ format: 'uri' }),
})
export type Created = Static<typeof CreatedSchema>

/** `GET /api/paste/content?url=` and `GET /getObject?url=`. */
export const UrlQuerySchema = Type.Object({ url: Type.String() })

/** `GET /api/v1/shortenURL?original_url=`. */
export const OriginalUrlQuerySchema = Type.Object({ original_url: Type.String() })
