import { type Static, Type } from 'typebox'
import { EVENT_VERSION } from './version.ts'

/** What can happen to a paste. */
const ActionSchema = Type.Enum(['create', 'view', 'claim', 'edit', 'delete', 'end'])

/**
 * One thing that happened to a paste, as it leaves the service: one JSON object, no member absent. It holds no address,
 * no token and no slug that isn't public.
 */
export const AnalyticsEventSchema = Type.Object(
  {
    version: Type.Literal(EVENT_VERSION),
    id: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$', description: 'Unique: 12 bytes as base64url' }),
    timestamp: Type.Integer({ minimum: 0, description: 'Epoch milliseconds' }),
    action: ActionSchema,
    paste: Type.String({
      pattern: '^(?:[A-Za-z0-9_-]{1,64}|~[A-Za-z0-9_-]{22})$',
      description: 'The slug of a public paste; else ~ and a keyed hash of the slug',
    }),
    user: Type.Union([Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }), Type.Null()], {
      description:
        'A hash of address and user agent, salted afresh every day; null for events without a request (the sweeper)',
    }),
    replica: Type.String({ maxLength: 64 }),
    via: Type.Enum(['page', 'raw', 'api', 'shell', 'original', 'sweeper']),
    agent: Type.Enum(['human', 'bot']),
    referrer: Type.Union([Type.String({ maxLength: 255 }), Type.Null()], {
      description: 'Host of the page that led here; null: not said, or this service',
    }),
    country: Type.Union([Type.String({ pattern: '^[A-Z0-9]{2}$' }), Type.Null()], {
      description: 'ISO 3166-1 alpha-2, as reported by a trusted proxy',
    }),
    sizeBytes: Type.Integer({ minimum: 0, description: 'Bytes of the paste' }),
  },
  { additionalProperties: false },
)

/** See {@link AnalyticsEventSchema}. */
export type AnalyticsEvent = Static<typeof AnalyticsEventSchema>
