import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type NginxServer, startNginx } from '../services/index.ts'
import { frontBlock } from './front.ts'

/** A replica of our own making, as `host:port`, and what it was asked. */
export async function startStub(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ address: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** nginx as it is shipped, in front of these replicas. */
export async function startFront(replicas: readonly string[]): Promise<NginxServer> {
  const nginx = await startNginx(frontBlock(replicas))
  onTestFinished(() => nginx.stop())
  return nginx
}
