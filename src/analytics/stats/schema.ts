import { type Static, Type } from 'typebox'

const count = (description: string) => Type.Integer({ minimum: 0, description })
const time = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: `${description}; null: never` })

const views = {
  views: count('By people: pageViews and rawViews'),
  pageViews: count('Its page, by people'),
  rawViews: count('Its bytes, by people and programs'),
  botViews: count('By crawlers and link previews; not part of views'),
}
const uniqueVisitors = count('Different visitors by day, within 2 %; who comes back on another day counts again')
const hour = { hour: Type.String({ format: 'date-time', description: 'When it began' }), ...views }
const day = { day: Type.String({ format: 'date', description: 'UTC' }), ...views, uniqueVisitors }
const referrers = Type.Array(Type.Object({ host: Type.String(), views: views.views }), {
  maxItems: 20,
  description: 'Sites whose links led here, most first',
})
const countries = Type.Array(Type.Object({ country: Type.String(), views: views.views }), {
  maxItems: 20,
  description: 'ISO 3166-1 alpha-2, most first; empty unless a trusted proxy reports it',
})
const changes = {
  creates: count('Pastes and short links made'),
  createdBytes: count('Bytes of those'),
  claims: count('Readings of pastes whose readings are counted; they are views too'),
  edits: count('Changes of content or metadata'),
  deletes: count('Ended with the edit token'),
  ends: count('Ended by their expiry'),
}

/** `GET /pastes/:slug/stats`. Counted at each replica and written every 10 s, so the last seconds may be missing. */
export const PasteStatsSchema = Type.Object({
  slug: Type.String(),
  ...views,
  uniqueVisitors,
  firstViewAt: time('When it was first viewed'),
  lastViewAt: time('When it was last viewed'),
  days: Type.Array(Type.Object(day), { maxItems: 400, description: 'Every day since it was made, oldest first' }),
  hours: Type.Array(Type.Object(hour), { description: 'The last 48, oldest first' }),
  referrers,
  countries,
})

/** See {@link PasteStatsSchema}. */
export type PasteStats = Static<typeof PasteStatsSchema>

/** `GET /stats`: the whole service, all replicas together. */
export const SystemStatsSchema = Type.Object({
  pastes: Type.Union(
    [
      Type.Object({
        live: count('Pastes and short links that can be read'),
        contentBytes: count('What they hold'),
        storedBytes: count('What that takes, compressed'),
        countedAt: Type.String({ format: 'date-time', description: 'They are counted in the background' }),
      }),
      Type.Null(),
    ],
    { description: 'null: not counted yet' },
  ),
  ...changes,
  ...views,
  uniqueVisitors,
  days: Type.Array(Type.Object({ ...day, ...changes }), { description: 'The last 30, oldest first' }),
  hours: Type.Array(Type.Object(hour), { description: 'The last 48, oldest first' }),
  referrers,
  countries,
})

/** See {@link SystemStatsSchema}; its sums are those of the last 30 days. */
export type SystemStats = Static<typeof SystemStatsSchema>
