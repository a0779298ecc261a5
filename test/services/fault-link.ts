import { connect, type Socket } from 'node:net'
import type { Faults, Link } from './faults.ts'
import { runLane } from './lane.ts'

/** A proxied connection as the proxy sees it. */
export type ProxiedLink = Link & {
  /** Tells the link that the faults have changed: what was held is looked at again, byte counts start anew. */
  faultsChanged(): void
  /** Resolves when both sides are closed. */
  closed: Promise<void>
}

/** Joins `client` to the server on loopback port `targetPort`, through whatever `faults` says at each moment. */
export function createLink(client: Socket, targetPort: number, faults: () => Faults): ProxiedLink {
  const server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  client.setNoDelay(true)
  const waiting = new Set<() => void>()
  let sentBytes = 0
  let replies = 0
  let serverSpokeLast = false
  let dropping = false
  let holding = false

  const wakeAll = () => {
    for (const wake of waiting) wake()
    waiting.clear()
  }
  const gone = () => client.destroyed || server.destroyed
  const gate = async (isShut: () => boolean) => {
    while (isShut() && !gone()) await new Promise<void>((resolve) => waiting.add(resolve))
  }
  const link: Link = {
    dropReply() {
      dropping = true
    },
    holdReply() {
      holding = true
    },
    reset() {
      client.resetAndDestroy()
      server.resetAndDestroy()
    },
  }

  const toServer = runLane(client, server, {
    latencyMs: () => faults().latencyMs ?? 0,
    bytesPerSecond: () => faults().toServerBytesPerSecond,
    gate: () => gate(() => faults().blackHole === true),
    treat(bytes) {
      serverSpokeLast = false
      return faults().onRequest?.(bytes, link) ?? bytes
    },
    after: () => false,
  })
  const toClient = runLane(server, client, {
    latencyMs: () => faults().latencyMs ?? 0,
    bytesPerSecond: () => faults().toClientBytesPerSecond,
    gate: () => gate(() => holding || faults().blackHole === true || faults().holdReplies === true),
    treat(bytes) {
      if (!serverSpokeLast) replies += 1
      serverSpokeLast = true
      if (dropping || replies === faults().dropReply) {
        link.reset()
        return Buffer.alloc(0)
      }
      const passed = faults().onReply?.(bytes, link) ?? bytes
      const limitBytes = Math.min(faults().resetAfterBytes ?? Infinity, faults().truncateAfterBytes ?? Infinity)
      return passed.subarray(0, Math.max(0, limitBytes - sentBytes))
    },
    after(bytesSent) {
      sentBytes += bytesSent
      if (sentBytes >= (faults().resetAfterBytes ?? Infinity)) link.reset()
      else if (sentBytes < (faults().truncateAfterBytes ?? Infinity)) return false
      else {
        client.end()
        server.resetAndDestroy()
      }
      return true
    },
  })

  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    // A crash on one side is a crash on the other; a clean end is carried by the lane.
    one.on('error', (error: NodeJS.ErrnoException) => {
      other.resetAndDestroy()
      // A reset fails while an end is on its way, and Node forgets to say then that the socket is closed.
      if (error.syscall === 'reset') one.emit('close', true)
    })
    one.once('close', wakeAll)
  }
  const closed = Promise.all([toServer, toClient, onceClosed(client), onceClosed(server)]).then(() => {})
  return {
    ...link,
    closed,
    faultsChanged() {
      sentBytes = 0
      holding = false
      wakeAll()
    },
  }
}

function onceClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
}
