/**
 * What was counted of one paste on one day by one process, which alone writes the row. What is older lies in one row
 * of the slug, `day` 0 and `replica` empty, which folding changes by its version. The whole
 * service is the slug `~`, which no paste can have.
 */
export type PasteViewsRow = {
  slug: string
  /** Days since the epoch, UTC. */
  day: number
  /** Random, one for each process that ever ran. */
  replica: string
  /** Which counters in that process's memory the row was last written from. */
  entry: string
  /** See `encoding.ts`, and for older days `history.ts`. */
  counters: Uint8Array
  version: number
  /** When the sweeper must look at the row: when the day can be folded, or when it is too old to be kept; epoch ms. */
  purge_at: number
}

/** What replicas share: a salt for each day, the key for slugs in events, what the service holds. */
export type AnalyticsValueRow = {
  name: string
  value: string
  /** When it ends, or must be computed again; epoch ms. */
  due_at: number
}

/** The tables of events and views, for Kysely. */
export type ViewTables = { paste_views: PasteViewsRow; analytics_values: AnalyticsValueRow }

/** The service as a whole, where a slug is asked for. */
export const SYSTEM_SLUG = '~'

/** `day` and `replica` of what is older. */
export const HISTORY = { day: 0, replica: '' } as const

/** One day, ms. */
export const DAY_MS = 86_400_000

/** Views are kept for so many days. */
export const KEPT_DAYS = 400

/** The number of the day (UTC) of a time, from 0 at the epoch. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}
