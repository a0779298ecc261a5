import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { AppError, PasteEvents } from '../../core/index.ts'
import type { ExpiryLimits } from '../../expiry/index.ts'
import type { Claimed, Pastes } from '../model/index.ts'
import type { ServeContent } from '../serve/index.ts'

/** A configured rate limit: requests (of `upload`: bytes) in a window; null: no limit. */
export type Rate = { count: number; windowMs: number } | null

/** Dependencies of this room's routes. */
export type PasteRouteDeps = {
  pastes: Pastes
  serveContent: ServeContent
  /** Receives creates, claims, edits and deletes, and views through `serveContent`. */
  events: PasteEvents
  /** Responds with the content of a claim. */
  sendClaimed(reply: FastifyReply, claimed: Claimed, as?: 'inline' | 'attachment'): Promise<FastifyReply>
  /** The service's address without a trailing slash; never taken from the Host header. */
  publicUrl(): string
  /** Its path: empty, or such as `/paste`; for redirects, which keep the host that was asked. */
  base: string
  limits: {
    maxPasteBytes: number
    expiry: ExpiryLimits
    rates: { create: Rate; upload: Rate; read: Rate; miss: Rate }
    access: { create: 'anyone' | 'keys' | 'off'; read: 'anyone' | 'keys' }
  }
  /** Rate limits as the first hooks of a route; empty where a limit is off. */
  guards: {
    create: onRequestHookHandler[]
    read: onRequestHookHandler[]
    append: onRequestHookHandler[]
    /** Of routes that read what a slug names. */
    lookup: onRequestHookHandler[]
    /** Of routes that read, and that change, by an edit token or the admin token: whoever has one needs no key. */
    owner: onRequestHookHandler[]
    edit: onRequestHookHandler[]
    /** Counts a request for an unknown slug; returns the refusal when the client had too many. */
    miss(request: FastifyRequest, reply: FastifyReply): Promise<AppError | undefined>
    /** The refusal of a client that already had too many. */
    overMisses(request: FastifyRequest, reply: FastifyReply): AppError | undefined
  }
}
