/** How often and how long something took: whole µs in sum, and a histogram as `encodeBins` writes it. */
export type Timed = { count: number; sumUs: number; sketch: Uint8Array }

/** The requests of one route; `count` of {@link Timed} is all of them. Bytes are those on the wire, heads included. */
export type RouteRecording = Timed & {
  /** Method and template, such as `GET /raw/:slug`. */
  route: string
  /** Answered 4xx, and gone before an answer began. */
  refused: number
  /** Answered 5xx. */
  errors: number
  bytesIn: number
  bytesOut: number
}

/** Where time goes beside our own code. `queue`: waits for a connection, or a place at the compressor. */
export type RecordedPart = 'database' | 'store' | 'redis' | 'queue' | 'encoding'

/** One process. Times and counts add up; sizes are the largest seen. */
export type ReplicaRecording = Timed & {
  name: string
  version: string
  /** When the process was started, and the end of what is recorded of it; epoch ms. */
  startedAt: number
  seenAt: number
  /** For how long it was recorded. */
  coveredMs: number
  errors: number
  cpuUs: number
  /** For how long the event loop was not waiting. */
  activeUs: number
  gcUs: number
  /** Waits for a database connection, and statements on them. */
  poolWaitUs: number
  databaseUs: number
  /** Delay of the event loop, as `encodeBins`. */
  loopDelay: Uint8Array
  rssBytes: number
  heapBytes: number
  sockets: number
  /** What it may use: cores, bytes (control group or machine), database connections (0: embedded). */
  cores: number
  memoryLimitBytes: number
  connections: number
}

/** Lookups of one level of a cache. */
export type CacheRecording = { level: string; hits: number; misses: number }

/**
 * What was recorded over some time, of one replica or of many: adding two up gives one of the same form. Lists are
 * ordered by their names.
 */
export type Recording = {
  routes: RouteRecording[]
  parts: ({ part: RecordedPart } & Timed)[]
  caches: CacheRecording[]
  replicas: ReplicaRecording[]
  /** Steps that the sweeper took. */
  swept: number
  /** Most rows that were due, and the longest that one was, ms; null: not known. */
  backlog: number | null
  backlogAgeMs: number | null
}
