import type { FastifyRequest } from 'fastify'

/** What can happen to a paste. `claim` is a counted view; `end` is its expiry, found by the sweeper. */
export type PasteAction = 'create' | 'view' | 'claim' | 'edit' | 'delete' | 'end'

/**
 * The interface through which it happened: a page, `/raw` and `/download`, REST, the one-line forms for shells
 * (`curl host/slug`), the original service's calls; `sweeper` without a request.
 */
export type Via = 'page' | 'raw' | 'api' | 'shell' | 'original' | 'sweeper'

/** The paste of an event; every `Paste` is one. It is kept, not copied, so it must not change afterwards. */
export type EventPaste = {
  readonly slug: string
  readonly visibility: 'public' | 'unlisted' | 'private'
  /** Null: views are not limited. */
  readonly maxViews: number | null
  readonly content: { readonly sizeBytes: number }
}

/** Receives what happens to pastes. Neither call waits or throws. */
export type PasteEvents = {
  /** `request` is null for the sweeper. Called on the hottest path of the service. */
  happened(action: PasteAction, via: Via, paste: EventPaste, request: FastifyRequest | null): void
  /** The paste's tombstone is over: data about it is to be deleted too. */
  forgotten(slug: string): void
}

/** Ignores every event. */
export const SILENT_EVENTS: PasteEvents = { happened() {}, forgotten() {} }
