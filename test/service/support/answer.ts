/** A whole HTTP/1.1 answer as it came over the wire. */
export type Answer = {
  status: number
  /** Lower-case names; of a header that comes twice, the values joined by `, `. */
  headers: Record<string, string>
  body: Buffer
  /** The statuses of interim answers (1xx) that came before. */
  interim: number[]
  text(): string
  /** The body parsed as JSON; throws when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by looking at it
  json(): any
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * The first final answer in `received`; or, while it is not all there, a number of bytes below which it can't be.
 * `closed` says that nothing more will come; `toHead` that the request was a HEAD, whose answer has no body whatever its
 * Content-Length says.
 */
export function parseAnswer(received: Buffer, { toHead = false, closed = false } = {}): Answer | number {
  const interim: number[] = []
  for (let rest = received; ; ) {
    const headEnd = rest.indexOf(HEAD_END)
    if (headEnd === -1) return received.length + 1
    const [statusLine = '', ...lines] = rest.subarray(0, headEnd).toString('latin1').split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1])
    if (!status) throw new Error(`not an HTTP answer: ${statusLine}`)
    rest = rest.subarray(headEnd + HEAD_END.length)
    if (status < 200) {
      interim.push(status)
      continue
    }
    const headers = parseHeaders(lines)
    const body = toHead || status === 204 || status === 304 ? Buffer.alloc(0) : takeBody(rest, headers, closed)
    if (body === undefined)
      return received.length - rest.length + Math.max(Number(headers['content-length'] ?? 0), rest.length + 1)
    return { status, headers, body, interim, text: () => body.toString(), json: () => JSON.parse(body.toString()) }
  }
}

function parseHeaders(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

function takeBody(rest: Buffer, headers: Record<string, string>, closed: boolean): Buffer | undefined {
  if (headers['transfer-encoding'] === 'chunked') return takeChunks(rest)
  const length = headers['content-length']
  if (length === undefined) return closed ? rest : undefined
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined
}

function takeChunks(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let offset = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', offset)
    if (lineEnd === -1) return undefined
    const length = Number.parseInt(rest.toString('latin1', offset, lineEnd), 16)
    const start = lineEnd + 2
    if (rest.length < start + length + 2) return undefined
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(rest.subarray(start, start + length))
    offset = start + length + 2
  }
}
