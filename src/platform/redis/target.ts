import { Redis as Client, type RedisOptions as ClientOptions, Cluster } from 'ioredis'

/** Which Redis: one server, the primary that sentinels name, or a cluster. */
export type RedisTarget = {
  kind: 'server' | 'sentinel' | 'cluster'
  /** The server alone, or sentinels, or some nodes of the cluster; at least one. */
  nodes: { host: string; port: number }[]
  /** The sentinels' name for the primary. */
  name?: string | undefined
  username?: string | undefined
  password?: string | undefined
  /** Number of the database; clusters have none but 0. */
  db?: number
  tls?: boolean
}

const CONNECT_TIMEOUT_MS = 500
/** A connection whose answer is this late is given up. */
const SILENCE_MS = 2_000
const LONGEST_RECONNECT_PAUSE_MS = 2_000
const SLOTS_REFRESH_MS = 2_000

const retryPause = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RECONNECT_PAUSE_MS)

/**
 * ioredis keeps commands for a server that is away, for ever by default; and what was sent before a
 * connection broke must not be sent again, since no caller waits for it any more.
 */
const COMMON = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: 10_000,
  retryStrategy: retryPause,
} satisfies ClientOptions

/** A connection for commands, not yet connected. */
export function commandClient(target: RedisTarget): Client | Cluster {
  if (target.kind !== 'cluster') return new Client({ ...COMMON, socketTimeout: SILENCE_MS, ...placeOf(target) })
  const { retryStrategy, enableOfflineQueue, ...perNode } = COMMON
  return new Cluster(target.nodes, {
    lazyConnect: true,
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    redisOptions: { ...perNode, socketTimeout: SILENCE_MS, ...loginOf(target) },
    // A caller does without what is not there; only a key that has moved is worth asking for again.
    maxRedirections: 3,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    retryDelayOnTryAgain: 0,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // Certificates are for names, so names stay names.
    ...(target.tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
  })
}

/**
 * A connection for listening, not yet connected. In a cluster every node gets all messages, so `attempt` (a count)
 * picks the next one.
 */
export function listeningClient(target: RedisTarget, attempt: number): Client {
  const options = { ...COMMON, commandTimeout: SILENCE_MS, retryStrategy: () => null }
  if (target.kind !== 'cluster') return new Client({ ...options, ...placeOf(target) })
  return new Client({ ...options, ...loginOf(target), ...target.nodes[attempt % target.nodes.length] })
}

function placeOf(target: RedisTarget) {
  const { nodes, name, db = 0 } = target
  if (target.kind === 'server') return { ...loginOf(target), ...nodes[0], db }
  return {
    ...loginOf(target),
    db,
    sentinels: nodes,
    ...(name === undefined ? {} : { name }),
    ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    sentinelRetryStrategy: retryPause,
    sentinelCommandTimeout: SILENCE_MS,
    // A primary that was made a replica stays connected; the sentinels know the new one.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  }
}

function loginOf({ username, password, tls }: RedisTarget) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  }
}
