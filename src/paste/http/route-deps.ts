import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { AppError, PasteEvents } from '../../core/index.ts'
import type { ExpiryLimits } from '../../expiry/index.ts'
import type { UploadSlots } from '../create/index.ts'
import type { Claimed, Pastes } from '../model/index.ts'
import type { ServeContent } from '../serve/index.ts'

/** A rate as configured: how many (of `upload`: bytes) in which window; null: no limit. */
export type Rate = { count: number; windowMs: number } | null

/** What the routes of this room need. */
export type PasteRouteDeps = {
  pastes: Pastes
  serveContent: ServeContent
  /** Told of creates, claims, edits and deletes; of views by `serveContent`. */
  events: PasteEvents
  /** Answers with the content of a claim. */
  sendClaimed(reply: FastifyReply, claimed: Claimed, as?: 'inline' | 'attachment'): Promise<FastifyReply>
  /** The service's address without a trailing slash; never taken from the Host header. */
  publicUrl(): string
  limits: { maxPasteBytes: number; expiry: ExpiryLimits; rates: { create: Rate; upload: Rate; read: Rate; miss: Rate } }
  /** Places for bodies that take memory while they are read. */
  uploads: UploadSlots
  /** Rate limits, run before anything of a request is looked at; empty lists where a limit is off. */
  guards: {
    create: onRequestHookHandler[]
    read: onRequestHookHandler[]
    append: onRequestHookHandler[]
    /** Counts a request for something unknown; gives the refusal when a client had too many. */
    miss(request: FastifyRequest, reply: FastifyReply): Promise<AppError | undefined>
  }
}
