import { Readable } from 'node:stream'
import { Client } from 'undici'

/** A request; `headers` are names and values in turn. */
export type Asking = { method: 'GET' | 'POST' | 'DELETE'; path: string; headers: string[]; body?: readonly Buffer[] }

/** Hears what comes back. `end` is called once: with null for a whole answer, else with what broke. */
export type Hearing = {
  head(status: number, headers: Record<string, string | string[] | undefined>): void
  bytes(chunk: Buffer): void
  end(broken: string | null): void
}

/** Connections to one server that are kept, one request at a time on each. */
export type Lanes = {
  /** Sends at once when a connection is free, else when one is; never repeats a request. */
  ask(asking: Asking, hearing: Hearing): void
  /** Requests that have no connection yet. */
  waiting(): number
  /** Breaks whatever is under way. */
  destroy(): Promise<void>
}

const CONNECT_WITHIN_MS = 10_000
/** Silence after which a server is given up. */
const SILENT_MS = 60_000
/** Shorter than any server here keeps an idle connection: none is ended just when it is used again. */
const IDLE_MS = 4_000

/** Up to `count` connections to `origin`, made when they are needed, from `localAddress` where that is given. */
export function createLanes(origin: string, count: number, localAddress?: string): Lanes {
  const clients: Client[] = []
  const free: Client[] = []
  const queue: { asking: Asking; hearing: Hearing }[] = []
  let first = 0
  const open = () => {
    const client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      connect: { timeout: CONNECT_WITHIN_MS, ...(localAddress ? { localAddress } : {}) },
      headersTimeout: SILENT_MS,
      bodyTimeout: SILENT_MS,
      keepAliveTimeout: IDLE_MS,
    })
    clients.push(client)
    return client
  }
  const release = (client: Client) => {
    const next = queue[first]
    if (!next) {
      free.push(client)
      return
    }
    // Shifting a long array costs more than a request.
    if (++first > 1_024) {
      queue.splice(0, first)
      first = 0
    }
    send(client, next.asking, next.hearing)
  }
  function send(client: Client, { method, path, headers, body }: Asking, hearing: Hearing): void {
    client.dispatch(
      { method, path, headers, body: bodyOf(body) },
      {
        onRequestStart() {},
        onResponseStart: (_controller, status, fields) => hearing.head(status, fields),
        onResponseData: (_controller, chunk) => hearing.bytes(chunk as Buffer),
        onResponseEnd() {
          hearing.end(null)
          release(client)
        },
        onResponseError(_controller, error) {
          hearing.end((error as NodeJS.ErrnoException).code ?? error.name)
          release(client)
        },
      },
    )
  }
  return {
    ask(asking, hearing) {
      // The connection that was used last is the warmest.
      const client = free.pop() ?? (clients.length < count ? open() : undefined)
      if (client) send(client, asking, hearing)
      else queue.push({ asking, hearing })
    },
    waiting: () => queue.length - first,
    async destroy() {
      queue.length = first = 0
      await Promise.all(clients.map((client) => client.destroy()))
    },
  }
}

function bodyOf(pieces: readonly Buffer[] | undefined): Buffer | Readable | null {
  if (!pieces) return null
  if (pieces.length > 2) return Readable.from(pieces)
  return pieces.length === 1 ? (pieces[0] ?? null) : Buffer.concat(pieces)
}
