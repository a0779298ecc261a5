import { randomInt } from 'node:crypto'
import { createServer, type ListenOptions } from 'node:net'

const FIRST_PORT = 10_000
const PORTS = 10_000

/**
 * A loopback TCP port that nobody listens on, 10000 to 19999: below the range from which systems take the ports of
 * outgoing connections, so that a server can be ended and started again on the same port. No other call gets it, here
 * or in another process of this machine, for as long as this process lives.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = FIRST_PORT + randomInt(PORTS)
    if ((await reserve(port)) && (await isFree(port))) return port
  }
  throw new Error('no free port between 10000 and 19999')
}

/**
 * Seconds may pass before a server listens on its port, and dozens of ports wait so at once. The reservation is a
 * socket in Linux's abstract namespace: one process can have the name, and the kernel gives it up with the process.
 */
async function reserve(port: number): Promise<boolean> {
  return process.platform !== 'linux' || (await listens({ path: `\0extended-pastebin-port-${port}` }, 'keep'))
}

function isFree(port: number): Promise<boolean> {
  return listens({ port, host: '127.0.0.1' }, 'close')
}

function listens(options: ListenOptions, then: 'keep' | 'close'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().unref()
    server.once('error', () => resolve(false))
    server.listen(options, () => (then === 'keep' ? resolve(true) : server.close(() => resolve(true))))
  })
}
