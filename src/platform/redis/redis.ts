import { type Clock, type Logger, withTimeout } from '../../core/index.ts'
import { type BreakerState, createBreaker } from './breaker.ts'
import { inTime, Overdue } from './deadline.ts'
import { type RedisScript, redisScript } from './script.ts'
import { createSubscriber, type Listener } from './subscriber.ts'
import { commandClient, listeningClient, type RedisTarget } from './target.ts'

/**
 * Redis as a helper that may be missing at any moment. No call throws; `undefined` means that Redis is not available
 * now (away, slow, full, read-only …) and the caller does without it.
 */
export type Redis = {
  /** The value, or null when there is none. */
  get(key: string): Promise<Buffer | null | undefined>
  /** Stores a value for `ttlMs` (at least 1); false when `onlyIfAbsent` and the key was there. */
  set(key: string, value: Buffer, ttlMs: number, options?: { onlyIfAbsent?: boolean }): Promise<boolean | undefined>
  /** Stores a value for `ttlMs` and then, as one step, publishes a message; gives the number of subscribers. */
  setAndTell(key: string, value: Buffer, ttlMs: number, channel: string, message: string): Promise<unknown>
  /** Runs a script; gives its reply, whose strings are strings. In a cluster all keys must share a hash tag. */
  run(script: RedisScript, keys: string[], args: (string | number | Buffer)[]): Promise<unknown>
  /** Tells `listener` every message of a channel, as long as there is a connection; those in between are lost. */
  subscribe(channel: string, listener: Listener): void
  /** Whether there are connections for asking and for listening, what the breaker does, and how many calls failed. */
  state(): { connected: boolean; listening: boolean; breaker: BreakerState; failures: number }
  /** Resolves when there is a connection; rejects with what the last attempt failed of, after the first one has ended. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Where Redis is, and what helps to talk to it. */
export type RedisOptions = { target: RedisTarget; logger: Logger; clock: Clock }

const FIRST_TRY_MS = 2_000
const BREAKER_FAILURES = 5
const BREAKER_OPEN_MS = 2_000

// Two commands sent one after the other may run on two nodes of a cluster, and the message be there first.
const SET_AND_TELL = redisScript(`
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('PUBLISH', ARGV[3], ARGV[4])
`)

/** Connects in the background and reconnects for ever; returns at once whether Redis is there or not. */
export function connectRedis({ target, logger, clock }: RedisOptions): Redis {
  const client = commandClient(target)
  const breaker = createBreaker({ clock, failures: BREAKER_FAILURES, openMs: BREAKER_OPEN_MS })
  const subscriber = createSubscriber((attempt) => listeningClient(target, attempt))
  let failures = 0
  let lastFailure: unknown
  const tried = Promise.withResolvers<void>()

  client.on('error', (error) => {
    lastFailure = error
    tried.resolve()
  })
  client.on('ready', () => {
    lastFailure = undefined
    tried.resolve()
  })
  client.connect().catch(() => {})

  async function ask<Reply>(command: () => Promise<Reply>): Promise<Reply | undefined> {
    if (client.status !== 'ready' || !breaker.allows()) {
      failures++
      return undefined
    }
    try {
      const reply = await inTime(command())
      breaker.succeeded()
      return reply
    } catch (error) {
      failures++
      breaker.failed(error instanceof Overdue)
      // Not the error itself: it holds the command with its arguments, which are what users pasted.
      logger.debug({ reason: error instanceof Error ? error.message : 'unknown' }, 'a redis command failed')
      return undefined
    }
  }

  const run: Redis['run'] = ({ lua, sha1 }, keys, args) =>
    ask(async () => {
      try {
        return await client.evalsha(sha1, keys.length, ...keys, ...args)
      } catch (error) {
        if (!isScriptUnknown(error)) throw error
        return client.eval(lua, keys.length, ...keys, ...args)
      }
    })

  return {
    get: (key) => ask(() => client.getBuffer(key)),
    set: (key, value, ttlMs, { onlyIfAbsent = false } = {}) =>
      ask(async () => {
        const reply = onlyIfAbsent
          ? await client.set(key, value, 'PX', ttlMs, 'NX')
          : await client.set(key, value, 'PX', ttlMs)
        return reply === 'OK'
      }),
    setAndTell: (key, value, ttlMs, channel, message) => run(SET_AND_TELL, [key], [value, ttlMs, channel, message]),
    run,
    subscribe: subscriber.subscribe,
    state: () => ({
      connected: client.status === 'ready',
      listening: subscriber.isListening(),
      breaker: breaker.state(),
      failures,
    }),
    async check() {
      await withTimeout(tried.promise, FIRST_TRY_MS).catch(() => {})
      if (client.status !== 'ready') throw new Error('not connected', { cause: lastFailure })
    },
    async close() {
      client.disconnect()
      subscriber.close()
    },
  }
}

function isScriptUnknown(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
