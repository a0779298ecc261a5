import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import type { ServerProcess } from './process.ts'

/** Where a Redis server listens. `url` is what `REDIS_URL` takes. */
export type RedisCoordinates = { url: string; port: number }

/** A Redis server of one's own. `stop` ends it and removes its data. */
export type RedisServer = RedisCoordinates & ServerProcess & { stop(): Promise<void> }

/** Starts redis-server on a free port, nothing written to disk: a restart comes back empty. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  return host('redis', async ({ folder, run }) => {
    const server = await run({
      name: 'redis-server',
      command: commandPath('redis-server'),
      args: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
      ready: async () => (await firstBytes(port, 'PING\r\n')).toString().startsWith('+PONG'),
    })
    return Object.assign(server, { url: `redis://127.0.0.1:${port}`, port })
  })
}
