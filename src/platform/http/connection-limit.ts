import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Logger } from '../../core/index.ts'

/** Descriptors that stay for files, databases, the store and Redis: a quarter, within these. */
const LEAST_RESERVE = 128
const MOST_RESERVE = 1_024
const LEAST_CONNECTIONS = 16
/** The log has one line for all connections that are refused within this time, ms. */
const SILENCE_MS = 60_000
/** Time for a new connection to send its request, ms. */
const SPARED_MS = 1_000

/** How many connections a process may hold that may open so many descriptors; undefined: no limit is known. */
export function mostConnections(descriptors: number | undefined): number | undefined {
  if (descriptors === undefined) return undefined
  const reserve = Math.min(Math.max(Math.floor(descriptors / 4), LEAST_RESERVE), MOST_RESERVE)
  return Math.max(descriptors - reserve, LEAST_CONNECTIONS)
}

/** RLIMIT_NOFILE of this process as the kernel tells it; undefined where it tells none, as outside Linux. */
export function descriptorLimit(file = '/proc/self/limits'): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(file, 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}

/**
 * Refuses connections beyond `most`: out of descriptors nothing works, not even what would free some. A refused one
 * closes those on which nothing is under way, so that idle clients don't keep others out. `now` gives milliseconds.
 */
export function limitConnections(
  server: Server,
  most: number,
  { logger, now }: { logger: Logger; now(): number },
): void {
  let silentUntil = Number.NEGATIVE_INFINITY
  let sparedUntil = Number.NEGATIVE_INFINITY
  server.maxConnections = most
  server.on('drop', () => {
    if (now() >= sparedUntil) {
      sparedUntil = now() + SPARED_MS
      server.closeIdleConnections()
    }
    if (now() < silentUntil) return
    silentUntil = now() + SILENCE_MS
    logger.warn({ most }, 'connections are refused: all that MAX_CONNECTIONS allows are open')
  })
}
