import { connect, type Socket } from 'node:net'
import type { CrowdOf } from './profile-schema.ts'
import type { Known } from './world.ts'

/** Clients that are slow for as long as a run takes. */
export type Crowds = {
  /** What became of connections so far, by kind: those that the server ended, with which status, and those under way. */
  seen(): CrowdSeen[]
  stop(): void
}

/** A crowd and the connections that were ended; `open` ones are still being served. */
export type CrowdSeen = { kind: CrowdOf['kind']; clients: number; open: number; ended: Record<string, number> }

const TURN_MS = 100
/** Long enough that nobody expects the end of such a request. */
const SLOW_BODY_BYTES = 1_000_000
const MOST_KEPT_BYTES = 64
const READ_BYTES = 64 * 1024

/**
 * Keeps so many slow clients connected: each sends the head or the body of a create, or takes a large answer, at its
 * pace, and begins again as soon as the server ends its connection. They go to the largest paste.
 */
export function startCrowds(origin: string, crowds: readonly CrowdOf[], population: readonly Known[]): Crowds {
  const { hostname, port } = new URL(origin)
  const largest = population.toSorted((one, other) => other.sizeBytes - one.sizeBytes)[0]
  const sockets = new Set<Socket>()
  let isOver = false
  const seen = crowds.map(({ kind, clients }): CrowdSeen => ({ kind, clients, open: 0, ended: {} }))
  const begin = (crowd: CrowdOf, mine: CrowdSeen) => {
    let head = ''
    let mayReadBytes = crowd.kind === 'slow readers' ? 0 : Number.POSITIVE_INFINITY
    const perTurn = Math.max(1, Math.round((crowd.bytesPerSecond * TURN_MS) / 1_000))
    const everyMs = (perTurn * 1_000) / crowd.bytesPerSecond
    // What is not read stays in the kernel, and the server feels that. One buffer for all of a connection: a new one
    // for each piece keeps the garbage collector busier than the requests that are measured.
    const socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(Math.min(perTurn, READ_BYTES)),
        callback(length, chunk) {
          if (head.length < MOST_KEPT_BYTES)
            head += Buffer.from(chunk.subarray(0, Math.min(length, MOST_KEPT_BYTES))).toString('latin1')
          mayReadBytes -= length
          return mayReadBytes > 0
        },
      },
    })
    sockets.add(socket)
    mine.open++
    socket.write(openingOf(crowd.kind, largest?.slug ?? ''))
    const timer = setInterval(() => {
      if (crowd.kind !== 'slow readers') socket.write('s'.repeat(perTurn))
      else {
        mayReadBytes = perTurn
        socket.resume()
      }
    }, everyMs)
    socket.on('error', () => {})
    socket.once('close', () => {
      clearInterval(timer)
      sockets.delete(socket)
      mine.open--
      if (isOver) return
      const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 'no answer'
      mine.ended[status] = (mine.ended[status] ?? 0) + 1
      // Not at once: a server that refuses would be stormed, which is another experiment.
      setTimeout(() => !isOver && begin(crowd, mine), TURN_MS)
    })
  }
  for (const [index, crowd] of crowds.entries()) {
    const mine = seen[index]
    for (let client = 0; mine && client < crowd.clients; client++) begin(crowd, mine)
  }
  return {
    seen: () => structuredClone(seen),
    stop() {
      isOver = true
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** What a slow client says at once. */
function openingOf(kind: CrowdOf['kind'], slug: string): string {
  if (kind === 'slow headers') return 'GET / HTTP/1.1\r\nhost: lab\r\nx-slow: '
  if (kind === 'slow readers')
    return `GET /raw/${slug} HTTP/1.1\r\nhost: lab\r\naccept-encoding: identity\r\nconnection: close\r\n\r\n`
  const head = `content-type: text/plain\r\ncontent-length: ${SLOW_BODY_BYTES}`
  return `POST /api/v1/pastes HTTP/1.1\r\nhost: lab\r\n${head}\r\n\r\n`
}
