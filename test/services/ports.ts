import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const FIRST_PORT = 10_000
const PORTS = 10_000

/**
 * A loopback TCP port that nobody listens on, 10000 to 19999: below the range from which systems take the ports of
 * outgoing connections, so that a server can be ended and started again on the same port.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = FIRST_PORT + randomInt(PORTS)
    if (await isFree(port)) return port
  }
  throw new Error('no free port between 10000 and 19999')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
