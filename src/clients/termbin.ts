import { createServer, type Socket } from 'node:net'
import { later } from '../core/index.ts'

/** Silence after which what came is the whole text: netcat keeps its side open. */
const SILENCE_MS = 5_000
/** How long a connection may take from its first byte to its answer. */
const LONGEST_MS = 60_000
/** Most bytes of a text, and connections at once: together the memory that this may take. */
const MOST_BYTES = 1024 * 1024
const MOST_CONNECTIONS = 64
const MOST_OF_ONE_CLIENT = 4

/** What the port needs. */
export type TermbinDeps = {
  /** Makes a paste for a client at an address, under the same limits as over HTTP; gives the line to answer. */
  post(text: Buffer, address: string): Promise<string>
  /** Names whom connections are counted for: an IPv4 address or an IPv6 network. */
  clientOf(address: string): string
  /** Default 5 s. */
  silenceMs?: number
}

/** A port on which texts come as they are. */
export type Termbin = {
  /** Listens, on port 0 on a free one, and gives the port. */
  listen(host: string, port: number): Promise<number>
  close(): Promise<void>
}

/**
 * termbin's protocol (solusipse/fiche): text until the client ends its side or is silent, then one line with the address, and
 * the connection ends. `cmd | nc host 9999`.
 */
export function createTermbin(deps: TermbinDeps): Termbin {
  const clients = new Map<string, number>()
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const client = deps.clientOf(socket.remoteAddress ?? '')
    const count = (clients.get(client) ?? 0) + 1
    clients.set(client, count)
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      const rest = (clients.get(client) ?? 1) - 1
      if (rest === 0) clients.delete(client)
      else clients.set(client, rest)
    })
    // A client that went away has nobody to be told.
    socket.on('error', () => socket.destroy())
    if (count > MOST_OF_ONE_CLIENT) return finish(socket, 'Too many connections at once.\n')
    serve(socket, deps)
  })
  server.maxConnections = MOST_CONNECTIONS
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          const bound = server.address()
          resolve(typeof bound === 'object' && bound ? bound.port : port)
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function serve(socket: Socket, { post, silenceMs = SILENCE_MS }: TermbinDeps): void {
  const chunks: Buffer[] = []
  let total = 0
  let isOver = false
  const answer = (line: () => string | Promise<string>) => {
    if (isOver) return
    isOver = true
    socket.setTimeout(0).pause()
    Promise.resolve()
      .then(line)
      .then(
        (text) => finish(socket, text),
        () => socket.destroy(),
      )
  }
  const complete = () => answer(() => post(Buffer.concat(chunks.splice(0)), socket.remoteAddress ?? ''))
  const deadline = later(() => socket.destroy(), LONGEST_MS)
  socket.once('close', () => clearTimeout(deadline))
  socket.setTimeout(silenceMs, complete)
  socket.once('end', complete)
  socket.on('data', (chunk: Buffer) => {
    total += chunk.length
    if (total > MOST_BYTES) {
      chunks.length = 0
      answer(() => `The limit here is ${MOST_BYTES} bytes. Send more over HTTP.\n`)
    } else chunks.push(chunk)
  })
}

/** Answers and ends the connection; what the client still sends is thrown away, so that it can read the answer. */
function finish(socket: Socket, line: string): void {
  socket.end(line)
  socket.removeAllListeners('data').resume()
  socket.setTimeout(SILENCE_MS, () => socket.destroy())
}
