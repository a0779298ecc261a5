/** One proxied connection, for a {@link Faults} hook to act on. */
export type Link = {
  /** From now on nothing of the server's reaches the client; when the server next speaks, both sides are reset. */
  dropReply(): void
  /** From now on nothing of the server's reaches the client, until {@link FaultProxy.set} is called again. */
  holdReply(): void
  /** Resets both sides at once (RST). */
  reset(): void
}

/** Looks at bytes as they pass. What it returns passes instead of them; undefined leaves them as they are. */
export type Hook = (bytes: Buffer, link: Link) => Buffer | undefined

/**
 * What goes wrong on the way. Everything is off when absent; all that is set applies at once. Byte counts are per
 * connection, of the bytes from server to client, since the faults were set.
 */
export type Faults = {
  /** Nobody listens: connections are refused, those that exist are reset. */
  refuse?: boolean
  /** Connections are accepted and nothing moves on them in either direction until the faults change. */
  blackHole?: boolean
  /** Requests reach the server; its answers wait until the faults change. */
  holdReplies?: boolean
  /** The server's answer number n on a connection (1 is the first; a greeting counts) is swallowed, then both sides are reset. */
  dropReply?: number
  /** Added to the way in each direction. */
  latencyMs?: number
  toServerBytesPerSecond?: number
  toClientBytesPerSecond?: number
  /** After so many bytes the client gets a reset (RST). */
  resetAfterBytes?: number
  /** After so many bytes the client gets a clean end (FIN), as if the answer were complete. */
  truncateAfterBytes?: number
  onRequest?: Hook
  onReply?: Hook
}
