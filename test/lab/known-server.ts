import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createContents } from './contents.ts'
import { createLanes } from './lanes.ts'
import type { World } from './world.ts'

/** A server that looks like the service, whose every answer is decided by the test. */
export type KnownServer = {
  url: string
  /** When each read was answered, ms of `performance.now()`, in the order in which they came. */
  answeredAt: number[]
  close(): Promise<void>
}

/** Decides, of the read with this number that came at this moment (ms), how long it waits and what it gets. */
export type Decide = (index: number, at: number) => { delayMs?: number; body?: Buffer; status?: number }

/** Starts it on a free port; creates are always answered at once. */
export async function startKnownServer(decide: Decide): Promise<KnownServer> {
  const stored = new Map<string, Buffer>()
  const answeredAt: number[] = []
  let reads = 0
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void whole(request).then((body) => {
        const slug = `paste${stored.size}`
        stored.set(slug, body)
        const sha256 = createHash('sha256').update(body).digest('hex')
        response.writeHead(201, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ slug, sha256, size: body.length, editToken: 'token', expiresAt: null }))
      })
      return
    }
    const index = reads++
    const { delayMs = 0, body, status = 200 } = decide(index, performance.now())
    const answer = () => {
      answeredAt[index] = performance.now()
      response.writeHead(status)
      response.end(body ?? stored.get(request.url?.split('/').at(-1) ?? ''))
    }
    if (delayMs > 0) setTimeout(answer, delayMs)
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answeredAt, close }
}

/** A world of one paste of 4 KiB on such a server. */
export async function worldOf(url: string, connections = 64): Promise<World & { close(): Promise<void> }> {
  const lanes = createLanes(url, connections)
  const contents = createContents('log', 'known')
  const body = Buffer.concat(contents.pieces(0, 4096))
  const answer = await fetch(`${url}/api/v1/pastes`, { method: 'POST', body })
  const { slug, sha256, size } = (await answer.json()) as { slug: string; sha256: string; size: number }
  return {
    lanes: () => lanes,
    contents,
    population: [{ slug, sha256, sizeBytes: size, editToken: 'token', expiresAt: null }],
    made: [],
    winners: new Uint32Array(1),
    now: Date.now,
    close: () => lanes.destroy(),
  }
}

async function whole(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
