import type { Redis as Client } from 'ioredis'

/** The listening side: a connection of its own, since Redis takes no other commands on it. */
export type Subscriber = {
  subscribe(channel: string, listener: (message: string) => void): void
  close(): void
}

/** Connects with the first subscription, and subscribes again whenever the connection was lost. */
export function createSubscriber(connect: () => Client): Subscriber {
  const listeners = new Map<string, ((message: string) => void)[]>()
  let client: Client | undefined

  function start(): Client {
    const started = connect()
    started.on('error', () => {})
    started.on('ready', () => void started.subscribe(...listeners.keys()).catch(() => {}))
    started.on('message', (channel, message) => {
      for (const listener of listeners.get(channel) ?? []) listener(message)
    })
    started.connect().catch(() => {})
    return started
  }

  return {
    subscribe(channel, listener) {
      const others = listeners.get(channel) ?? []
      listeners.set(channel, [...others, listener])
      if (!client) client = start()
      else if (client.status === 'ready' && others.length === 0) client.subscribe(channel).catch(() => {})
    },
    close: () => client?.disconnect(),
  }
}
