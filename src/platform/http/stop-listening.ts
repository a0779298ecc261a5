import type { Server } from 'node:http'
import { Server as TcpServer } from 'node:net'
import { settledWithin } from '../../core/index.ts'

/**
 * Refuses new connections, and resolves when those that are open have ended, or after `withinMs`. For a server that
 * drains: each of its answers ends its connection, so those of a busy load balancer are gone within moments. To close
 * one because it looks idle would lose the request that is on its way in it, and a load balancer may not send a POST
 * twice.
 */
export async function stopListening(server: Server, withinMs: number): Promise<void> {
  // Not http.Server's own close, which ends what looks idle.
  const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve))
  await settledWithin(closed, withinMs)
}
