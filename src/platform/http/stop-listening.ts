import type { Server } from 'node:http'
import { Server as TcpServer } from 'node:net'

/**
 * Refuses new connections, and resolves when those that are open have ended, or after `withinMs`. For a server that
 * drains: each of its answers ends its connection, so those of a busy load balancer are gone within moments. To close
 * one because it looks idle would lose the request that is on its way in it, and a load balancer may not send a POST
 * twice.
 */
export function stopListening(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, withinMs)
    // Not http.Server's own close, which ends what looks idle.
    TcpServer.prototype.close.call(server, () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
