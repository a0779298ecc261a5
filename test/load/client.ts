import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The head of an answer and the number of bytes that came behind it. */
export type Answer = { status: number; head: string; bodyBytes: number; body: Buffer }

/**
 * Sends one request over a connection of its own and reads the whole answer; the body is kept only when `keep` says
 * so. Written on a bare socket, because Node's HTTP client would cost more than the servers it measures.
 */
export async function exchange(
  port: number,
  request: { method: string; path: string; headers?: Record<string, string>; body?: Buffer },
  keep = true,
): Promise<Answer> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    const answer = readAnswer(socket, keep)
    const length = request.body ? { 'content-length': `${request.body.length}` } : {}
    const headers = { host: `127.0.0.1:${port}`, connection: 'close', ...length, ...request.headers }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`${request.method} ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    if (request.body) socket.write(request.body)
    return await answer
  } finally {
    socket.destroy()
  }
}

function readAnswer(socket: Socket, keep: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let head = ''
    let expected = Number.POSITIVE_INFINITY
    let bodyBytes = 0
    const kept: Buffer[] = []
    const finish = () => {
      const status = Number(head.split(' ', 2)[1])
      resolve({ status, head, bodyBytes, body: Buffer.concat(kept) })
    }
    const take = (bytes: Buffer) => {
      bodyBytes += bytes.length
      if (keep) kept.push(bytes)
      if (bodyBytes >= expected) finish()
    }
    socket.on('data', (bytes: Buffer) => {
      if (expected !== Number.POSITIVE_INFINITY) return take(bytes)
      const text = head + bytes.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) {
        head = text
        return
      }
      const rest = bytes.subarray(end + 4 - head.length)
      head = text.slice(0, end)
      expected = Number(headerOf(head, 'content-length') ?? Number.MAX_SAFE_INTEGER)
      take(rest)
    })
    socket.once('error', reject)
    // A body without a length ends with the connection.
    socket.once('close', () =>
      bodyBytes >= expected || expected === Number.MAX_SAFE_INTEGER
        ? finish()
        : reject(new Error(`half an answer: ${head}`)),
    )
  })
}

/** The value of a header in the head of an answer. */
export function headerOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'im').exec(head)?.[1]
}

/** Makes a paste of these bytes; gives its slug. Throws for any answer but 201. */
export async function upload(port: number, body: Buffer, path = '/'): Promise<string> {
  const { status, head, body: answer } = await exchange(port, { method: 'PUT', path, body })
  if (status !== 201) throw new Error(`PUT ${path} was answered\n${head}\n\n${answer}`)
  return answer.toString().trim().split('/').at(-1) ?? ''
}

/** Makes pastes of small bodies over `connections` kept open; gives their slugs in the order of the bodies. */
export async function uploadMany(port: number, bodies: Iterable<Buffer>, connections = 32): Promise<string[]> {
  const slugs: string[] = []
  const queue = Iterator.from(bodies)
  let next = 0
  const work = async () => {
    const socket = connect(port, '127.0.0.1').setNoDelay()
    await once(socket, 'connect')
    for (let item = queue.next(); !item.done; item = queue.next()) {
      const index = next++
      const head = `PUT / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${item.value.length}\r\n\r\n`
      const answer = readAnswer(socket, true)
      socket.write(Buffer.concat([Buffer.from(head), item.value]))
      const { status, body } = await answer
      if (status !== 201) throw new Error(`a small paste was answered ${status}: ${body}`)
      socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close')
      slugs[index] = body.toString().trim().split('/').at(-1) ?? ''
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, work))
  return slugs
}

/** Reads a paste from the byte `start` on at this pace until `end` is called; `started` resolves with its first bytes. */
export function readSlowly(
  port: number,
  path: string,
  start: number,
  bytesPerSecond: number,
): { started: Promise<void>; end(): void } {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nrange: bytes=${start}-\r\n\r\n`)
  const started = once(socket, 'readable').then(() => undefined)
  const timer = setInterval(() => socket.read(Math.round(bytesPerSecond / 10)), 100)
  return {
    started,
    end() {
      clearInterval(timer)
      socket.destroy()
    },
  }
}
