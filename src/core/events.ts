import type { FastifyRequest } from 'fastify'

/** What can happen to a paste. `claim` is a reading that was counted; `end` is its expiry, seen by the sweeper. */
export type PasteAction = 'create' | 'view' | 'claim' | 'edit' | 'delete' | 'end'

/**
 * The door through which it happened: a page for people, `/raw` and `/download`, REST, the one-line forms for shells
 * (`curl host/slug`), the original service's calls; or no door at all.
 */
export type Via = 'page' | 'raw' | 'api' | 'shell' | 'original' | 'sweeper'

/** What an event says of its paste; every `Paste` is one. Kept as it is given, so it must not change afterwards. */
export type EventPaste = {
  readonly slug: string
  readonly visibility: 'public' | 'unlisted' | 'private'
  /** Null: its readings are not counted. */
  readonly maxViews: number | null
  readonly content: { readonly sizeBytes: number }
}

/** Who is told what happens to pastes. Neither call waits for anything or throws. */
export type PasteEvents = {
  /** Something happened; `request` is null where nobody asked for it. Called on the hottest path of the service. */
  happened(action: PasteAction, via: Via, paste: EventPaste, request: FastifyRequest | null): void
  /** The paste's tombstone is over, so what is known of it should go too. */
  forgotten(slug: string): void
}

/** Tells nobody. */
export const SILENT_EVENTS: PasteEvents = { happened() {}, forgotten() {} }
