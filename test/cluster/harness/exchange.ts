import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

/** One request. `leaveAfterBytes`: the client goes away when so much of the body is written. */
export type Asking = {
  method: string
  url: string
  headers?: Record<string, string>
  body?: Buffer
  leaveAfterBytes?: number
}

/** What came back, whole or not. */
export type Reply = {
  status: number | null
  headers: IncomingHttpHeaders
  body: Buffer
  /** Why it did not come to its end; null when it did. */
  broken: string | null
}

/** An HTTP client that keeps connections and never throws. */
export type Client = { ask(asking: Asking): Promise<Reply>; close(): void }

const GIVES_UP_AFTER_MS = 90_000
/** Shorter than any server here keeps an idle connection: none is ended just when it is used again. */
const IDLE_MS = 20_000

/** Connections are kept, as browsers and proxies do; no request is ever repeated. */
export function createClient(): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 256, timeout: IDLE_MS })
  return { ask: (asking) => exchange(agent, asking), close: () => agent.destroy() }
}

function exchange(agent: Agent, { method, url, headers, body, leaveAfterBytes }: Asking): Promise<Reply> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let answer: IncomingMessage | undefined
    const finish = (broken: string | null) => {
      clearTimeout(deadline)
      const { statusCode = null, headers: fields = {} } = answer ?? {}
      resolve({ status: statusCode, headers: fields, body: Buffer.concat(chunks), broken })
    }
    const length = body ? { 'content-length': `${body.length}` } : {}
    const outgoing = request(url, { agent, method, headers: { ...length, ...headers } }, (incoming) => {
      answer = incoming
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      // nginx says keep-alive in an answer that came before it had read the body, and closes the connection after it.
      if (body !== undefined && (incoming.statusCode ?? 0) >= 400) outgoing.shouldKeepAlive = false
      incoming.once('end', () => finish(incoming.complete ? null : 'the answer ended early'))
      incoming.once('error', (error) => finish(error.message))
    })
    const deadline = setTimeout(
      () => outgoing.destroy(new Error(`no end of the answer after ${GIVES_UP_AFTER_MS / 1_000} s`)),
      GIVES_UP_AFTER_MS,
    )
    // A server that refuses before it has read the body may close while we write: its answer is what counts.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (answer === undefined) finish(error.code ?? error.message)
    })
    if (body === undefined || leaveAfterBytes === undefined) outgoing.end(body)
    else {
      // The head must be on its way, or nobody would know that we were here.
      outgoing.flushHeaders()
      const part = body.subarray(0, leaveAfterBytes)
      const leave = () => outgoing.destroy(new Error('left'))
      if (part.length === 0) outgoing.once('socket', (socket) => setTimeout(leave, socket.connecting ? 20 : 0))
      else outgoing.write(part, leave)
    }
  })
}
