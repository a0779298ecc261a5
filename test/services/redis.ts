import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import type { ServerCommand, ServerProcess } from './process.ts'

/** Where a Redis server listens. `url` is what `REDIS_URL` takes. */
export type RedisCoordinates = { url: string; port: number }

/** A Redis server of one's own. `stop` ends it and removes its data. */
export type RedisServer = RedisCoordinates & ServerProcess & { stop(): Promise<void> }

/** Starts redis-server on a free port, nothing written to disk: a restart comes back empty. `options` are its own. */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort()
  return host('redis', async ({ folder, run }) => {
    const server = await run(redisCommand(port, folder, options))
    return Object.assign(server, { url: `redis://127.0.0.1:${port}`, port })
  })
}

/** How redis-server is started: on a loopback port, its files in `folder`, nothing saved. */
export function redisCommand(port: number, folder: string, options: readonly string[] = []): ServerCommand {
  const saved = ['--dir', folder, '--save', '', '--appendonly', 'no']
  return {
    name: 'redis-server',
    command: commandPath('redis-server'),
    args: ['--port', `${port}`, '--bind', '127.0.0.1', ...saved, ...options],
    ready: async () => (await firstBytes(port, 'PING\r\n')).toString().startsWith('+PONG'),
  }
}
