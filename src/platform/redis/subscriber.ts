import type { Redis as Client } from 'ioredis'
import { every, guarded, inBackground, later } from '../../core/index.ts'

/** What receives the messages of a channel. */
export type Listener = {
  onMessage(message: string): void
  /** Listening has begun, or begun again: messages that were sent before may be lost. Comes before the first message. */
  onStart?(): void
}

/** The listening side: a connection of its own, since Redis takes no other commands on it. */
export type Subscriber = {
  subscribe(channel: string, listener: Listener): void
  /** Whether messages come through. Stays true for up to 7 s after a connection has gone silent. */
  isListening(): boolean
  close(): void
}

/** A listening connection is silent for hours, so only a PING finds out that its other end is gone. */
const ASK_EVERY_MS = 5_000
const LONGEST_PAUSE_MS = 2_000

/**
 * Connects with the first subscription, and again whenever the connection is lost or silent, for ever. `connect` makes
 * a client that does not reconnect by itself and passes the number of connections made before.
 */
export function createSubscriber(connect: (attempt: number) => Client): Subscriber {
  const listeners = new Map<string, Listener[]>()
  let client: Client | undefined
  /** Channels of this connection whose listeners know that listening has begun. */
  let begun = new Set<string>()
  let isListening = false
  let attempts = 0
  let failuresInARow = 0
  let isClosed = false
  let retry: NodeJS.Timeout | undefined

  function start(): void {
    const started = connect(attempts++)
    client = started
    begun = new Set()
    const giveUp = () => started.disconnect()
    const ask = every(() => started.ping(), ASK_EVERY_MS, giveUp)
    ask.unref()
    started.on('error', () => {})
    started.on(
      'ready',
      guarded(() => listen(started, [...listeners.keys()]), giveUp),
    )
    started.on(
      'message',
      guarded((channel: string, message: string) => {
        // A message that arrives in one piece with the answer to SUBSCRIBE comes before that answer's promise resolves.
        begin(channel)
        for (const listener of listeners.get(channel) ?? []) listener.onMessage(message)
      }, giveUp),
    )
    started.once('end', () => {
      clearInterval(ask)
      isListening = false
      if (isClosed) return
      retry = later(start, Math.min(50 * 2 ** Math.min(failuresInARow++, 10), LONGEST_PAUSE_MS))
      retry.unref()
    })
    started.connect().catch(() => {})
  }

  async function listen(on: Client, channels: string[]): Promise<void> {
    await on.subscribe(...channels)
    isListening = true
    failuresInARow = 0
    for (const channel of channels) begin(channel)
  }

  function begin(channel: string): void {
    if (begun.has(channel)) return
    begun.add(channel)
    for (const listener of listeners.get(channel) ?? []) listener.onStart?.()
  }

  return {
    subscribe(channel, listener) {
      const others = listeners.get(channel) ?? []
      listeners.set(channel, [...others, listener])
      begun.delete(channel)
      if (!client) start()
      else if (client.status === 'ready') {
        const on = client
        inBackground(
          () => listen(on, [channel]),
          () => on.disconnect(),
        )
      }
    },
    isListening: () => isListening,
    close() {
      isClosed = true
      clearTimeout(retry)
      client?.disconnect()
    },
  }
}
