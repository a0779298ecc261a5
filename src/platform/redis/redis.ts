import { Redis as Client, type RedisOptions as ClientOptions } from 'ioredis'
import type { Clock, Logger } from '../../core/index.ts'
import { type BreakerState, createBreaker } from './breaker.ts'
import type { RedisScript } from './script.ts'
import { createSubscriber } from './subscriber.ts'

/**
 * Redis as a helper that may be missing at any moment. No call throws; `undefined` means that Redis is not available
 * now (away, slow, full, read-only …) and the caller does without it.
 */
export type Redis = {
  /** The value, or null when there is none. */
  get(key: string): Promise<Buffer | null | undefined>
  /** Stores a value for `ttlMs` (at least 1); false when `onlyIfAbsent` and the key was there. */
  set(key: string, value: Buffer, ttlMs: number, options?: { onlyIfAbsent?: boolean }): Promise<boolean | undefined>
  /** Removes keys; gives the number of those that were there. */
  remove(keys: string[]): Promise<number | undefined>
  /** Runs a script; gives its reply, whose strings are strings. */
  run(script: RedisScript, keys: string[], args: (string | number)[]): Promise<unknown>
  /** Sends a message to whoever listens now; gives how many do. */
  publish(channel: string, message: string): Promise<number | undefined>
  /** Calls `listener` for every message from now on, as long as there is a connection; those in between are lost. */
  subscribe(channel: string, listener: (message: string) => void): void
  /** Whether there is a connection, what the breaker does, and how many calls failed since the start. */
  state(): { connected: boolean; breaker: BreakerState; failures: number }
  close(): Promise<void>
}

/** Where Redis is: `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
export type RedisOptions = { url: string; logger: Logger; clock: Clock }

/** No call waits longer than this. */
const COMMAND_TIMEOUT_MS = 100
const BREAKER_FAILURES = 5
const BREAKER_OPEN_MS = 2_000
const LONGEST_RECONNECT_PAUSE_MS = 2_000

/**
 * ioredis keeps commands for a server that is away, for ever, unless told not to; and what was sent before a
 * connection broke must not be sent again, since nobody waits for it any more.
 */
const CLIENT_OPTIONS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 500,
  keepAlive: 10_000,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RECONNECT_PAUSE_MS),
} satisfies ClientOptions

/** Connects in the background and reconnects for ever; returns at once whether Redis is there or not. */
export function connectRedis({ url, logger, clock }: RedisOptions): Redis {
  const client = new Client(url, { ...CLIENT_OPTIONS, socketTimeout: BREAKER_OPEN_MS })
  const breaker = createBreaker({ clock, failures: BREAKER_FAILURES, openMs: BREAKER_OPEN_MS })
  const subscriber = createSubscriber(() => new Client(url, CLIENT_OPTIONS))
  let failures = 0
  let wasReady = true

  client.on('error', (error) => {
    if (wasReady) logger.warn({ err: error }, 'redis is not available; going on without it')
    wasReady = false
  })
  client.on('ready', () => {
    if (!wasReady) logger.info({}, 'redis is available')
    wasReady = true
  })
  client.connect().catch(() => {})

  async function ask<Reply>(command: () => Promise<Reply>): Promise<Reply | undefined> {
    if (client.status !== 'ready' || !breaker.allows()) {
      failures++
      return undefined
    }
    try {
      const reply = await command()
      breaker.succeeded()
      return reply
    } catch (error) {
      failures++
      breaker.failed(isTimeout(error))
      // Not the error itself: it holds the command with its arguments, which are what users pasted.
      logger.debug({ reason: error instanceof Error ? error.message : 'unknown' }, 'a redis command failed')
      return undefined
    }
  }

  return {
    get: (key) => ask(() => client.getBuffer(key)),
    set: (key, value, ttlMs, { onlyIfAbsent = false } = {}) =>
      ask(async () => {
        const reply = onlyIfAbsent
          ? await client.set(key, value, 'PX', ttlMs, 'NX')
          : await client.set(key, value, 'PX', ttlMs)
        return reply === 'OK'
      }),
    remove: async (keys) => (keys.length === 0 ? 0 : ask(() => client.del(...keys))),
    run: ({ lua, sha1 }, keys, args) =>
      ask(async () => {
        try {
          return await client.evalsha(sha1, keys.length, ...keys, ...args)
        } catch (error) {
          if (!isScriptUnknown(error)) throw error
          return client.eval(lua, keys.length, ...keys, ...args)
        }
      }),
    publish: (channel, message) => ask(() => client.publish(channel, message)),
    subscribe: subscriber.subscribe,
    state: () => ({ connected: client.status === 'ready', breaker: breaker.state(), failures }),
    async close() {
      client.disconnect()
      subscriber.close()
    },
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out'
}

function isScriptUnknown(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
