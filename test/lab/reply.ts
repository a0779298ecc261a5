import { createHash, hash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import type { Asking, Lanes } from './lanes.ts'

/** An answer that came to its end, or broke. The body is kept up to {@link KEPT_BYTES}; its digest is of all of it. */
export type Reply = {
  status: number | null
  headers: Record<string, string | string[] | undefined>
  broken: string | null
  /** Bytes of the body as they arrived. */
  bytes: number
  body(): Buffer
  /** Of the content, decoded where it came as zstd. */
  sha256(): string
  /** Bytes of the content. */
  contentBytes(): number
}

/** The most that is decoded or parsed; larger bodies are hashed as they pass. */
const KEPT_BYTES = 1024 * 1024

/** Sends a request and gives the reply to `take` in the same turn in which it ended. */
export function ask(lanes: Lanes, asking: Asking, take: (reply: Reply) => void): void {
  let status: number | null = null
  let headers: Reply['headers'] = {}
  let chunks: Buffer[] = []
  let running: ReturnType<typeof createHash> | undefined
  let bytes = 0
  lanes.ask(asking, {
    head(code, fields) {
      status = code
      headers = fields
    },
    bytes(chunk) {
      bytes += chunk.length
      if (running) {
        running.update(chunk)
        return
      }
      chunks.push(chunk)
      if (bytes <= KEPT_BYTES || headers['content-encoding']) return
      running = createHash('sha256')
      for (const kept of chunks) running.update(kept)
      chunks = []
    },
    end(broken) {
      const body = () => (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
      const content = () => (headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body()) : body())
      const sha256 = () => running?.digest('hex') ?? hash('sha256', content())
      const contentBytes = () => (headers['content-encoding'] === 'zstd' ? content().length : bytes)
      take({ status, headers, broken, bytes, body, sha256, contentBytes })
    },
  })
}

/** The name of what went wrong: of a broken connection, of a problem document, or of a status. */
export function failureOf({ broken, status, headers, body }: Reply): string {
  if (broken !== null) return broken
  if (`${headers['content-type']}`.startsWith('application/problem+json')) {
    try {
      const { code } = JSON.parse(body().toString()) as { code?: unknown }
      if (typeof code === 'string') return code
    } catch {
      return 'broken_problem'
    }
  }
  return `status_${status}`
}
