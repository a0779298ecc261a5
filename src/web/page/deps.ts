import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { PasteStats, Performance, Range, Runs, SystemStats } from '../../analytics/index.ts'
import type { AppError, Clock, Logger, PasteEvents } from '../../core/index.ts'
import type { Claimed, Pastes, ServeContent } from '../../paste/index.ts'

/** What the operator allows, as the pages tell it: bytes and milliseconds; null means "never ends". */
export type WebLimits = {
  maxPasteBytes: number
  minExpiryMs: number
  maxExpiryMs: number | null
  defaultExpiryMs: number | null
  /** Who may make pastes. */
  create: 'anyone' | 'keys' | 'off'
}

/** What the dashboards show. */
export type DashboardDeps = {
  /** Lets only an operator pass, where there is an admin token. */
  requireAdmin(request: FastifyRequest): void
  performance(range: Range): Promise<Performance>
  /** Names of the parts of this replica that can't be used or gave wrong bytes, as in `/health/ready`. */
  unwellParts(): Promise<string[]>
  systemStats(): Promise<SystemStats>
  /** A paste's views, for the holder of its edit token. Throws as reading with a wrong token does. */
  pasteStats(slug: string, editToken: string): Promise<PasteStats>
  runs: Runs
}

/** Everything that the pages need from the rest of the house. */
export type WebDeps = {
  pastes: Pastes
  clock: Clock
  logger: Logger
  /** The service's name in titles and headers. */
  brandName: string
  /** The service's own origin without a trailing slash, such as `https://paste.example`; never made from Host. */
  publicUrl(): string
  /** The path of this address: empty, or such as `/paste`. */
  base: string
  limits: WebLimits
  /** Answers with the paste's bytes: conditional requests, ranges, encodings. */
  serveContent: ServeContent
  /** Receives creates and claims, and views through `recordView` of the paste room. */
  events: PasteEvents
  /** Answers with the content of a reading that was counted. */
  sendClaimed(reply: FastifyReply, claimed: Claimed, as?: 'inline' | 'attachment'): Promise<FastifyReply>
  /** The fields of a small urlencoded or multipart form (at most 1 MiB); throws AppErrors. */
  readForm(request: FastifyRequest, reply: FastifyReply): Promise<Record<string, string>>
  /** Asked first about `GET /` with a query, which another pastebin's clients may send; undefined: the form. */
  otherHome?: ((request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | undefined) | undefined
  /** What the dashboards show; without it there are none. */
  dashboards?: DashboardDeps
  /** Who asks, as rates and places are shared by: an IPv4 address or an IPv6 network. */
  clientOf(request: FastifyRequest): string
  /** Rate limits of the pages that make and that show pastes; empty lists where a limit is off. */
  guards: {
    create: onRequestHookHandler[]
    read: onRequestHookHandler[]
    /** Of pages that show what a slug names. */
    lookup: onRequestHookHandler[]
    /** The refusal of a client that asked for too many unknown slugs. */
    overMisses(request: FastifyRequest, reply: FastifyReply): AppError | undefined
  }
}
