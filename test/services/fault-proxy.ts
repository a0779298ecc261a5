import { createServer } from 'node:net'
import { createLink, type ProxiedLink } from './fault-link.ts'
import type { Faults } from './faults.ts'
import { freePort } from './ports.ts'

/** A TCP proxy on a loopback port of its own that can be made to misbehave while connections run through it. */
export type FaultProxy = {
  port: number
  /** Puts these faults in place of all earlier ones, for running and new connections; `{}` is a healthy network. */
  set(faults: Faults): Promise<void>
  /** Resets every running connection (RST). */
  resetConnections(): void
  /** How many connections run through it now. */
  connections(): number
  /** Resets every connection and stops listening. */
  stop(): Promise<void>
}

/** Starts a healthy proxy in front of a server on loopback port `targetPort`, in this process. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const port = await freePort()
  const links = new Set<ProxiedLink>()
  let faults: Faults = {}

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const link = createLink(client, targetPort, () => faults)
    links.add(link)
    void link.closed.then(() => links.delete(link))
  })
  const listen = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  // Its callback would wait for the running connections; the port is closed as soon as this returns.
  const stopListening = () => void server.close()
  const resetConnections = () => {
    for (const link of links) link.reset()
  }
  await listen()

  return {
    port,
    async set(next) {
      faults = next
      if (faults.refuse) {
        stopListening()
        resetConnections()
      } else if (!server.listening) await listen()
      for (const link of links) link.faultsChanged()
    },
    resetConnections,
    connections: () => links.size,
    async stop() {
      if (server.listening) stopListening()
      resetConnections()
      await Promise.all([...links].map((link) => link.closed))
    },
  }
}
