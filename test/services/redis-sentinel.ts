import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { patiently } from '../patience.ts'
import { commandPath } from './catalogue.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import type { ServerProcess } from './process.ts'
import { redisCommand } from './redis.ts'

/** A primary, a replica of it, and three sentinels that make the replica primary when it dies. */
export type RedisSentinel = {
  /** What `REDIS_URL` takes. */
  url: string
  primary: ServerProcess & { port: number }
  replica: ServerProcess & { port: number }
  sentinels: readonly ServerProcess[]
  stop(): Promise<void>
}

const NAME = 'mymaster'
const SENTINELS = 3
const READY_WITHIN_MS = patiently(20_000)

/** Starts the five; a primary that is silent for half a second is replaced. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const [primaryPort, replicaPort] = [await freePort(), await freePort()]
  const watchers: { port: number; id: string }[] = []
  while (watchers.length < SENTINELS) watchers.push({ port: await freePort(), id: randomBytes(20).toString('hex') })
  const running: ServerProcess[] = []
  const { stop } = await host('redis-sentinel', async ({ folder, run }) => {
    running.push(await run(redisCommand(primaryPort, folder, ['--repl-diskless-sync-delay', '0'])))
    running.push(await run(redisCommand(replicaPort, folder, ['--replicaof', '127.0.0.1', `${primaryPort}`])))
    await says(replicaPort, 'INFO replication', 'master_link_status:up')
    const starting = watchers.map(({ port, id }) => {
      const file = join(folder, `sentinel-${port}.conf`)
      const others = watchers.filter((other) => other.port !== port)
      writeFileSync(file, configuration({ port, id, folder, primaryPort, replicaPort, others }))
      const ready = async () => (await firstBytes(port, 'PING\r\n')).toString().startsWith('+PONG')
      return run({ name: 'sentinel', command: commandPath('redis-server'), args: [file, '--sentinel'], ready })
    })
    running.push(...(await Promise.all(starting)))
    // Reaches quorum: enough sentinels see each other to agree on a new primary.
    for (const { port } of watchers) await says(port, `SENTINEL CKQUORUM ${NAME}`, `+OK ${SENTINELS} usable`)
    return running[0] as ServerProcess
  })
  const [primary, replica, ...sentinels] = running as [ServerProcess, ServerProcess, ...ServerProcess[]]
  return {
    url: `redis+sentinel://${watchers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    primary: Object.assign(primary, { port: primaryPort }),
    replica: Object.assign(replica, { port: replicaPort }),
    sentinels,
    stop,
  }
}

/** They are told of each other; finding out by themselves takes them seconds. */
function configuration(of: {
  port: number
  id: string
  folder: string
  primaryPort: number
  replicaPort: number
  others: { port: number; id: string }[]
}): string {
  return [
    `port ${of.port}`,
    'bind 127.0.0.1',
    `dir ${of.folder}`,
    `sentinel myid ${of.id}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${of.primaryPort} 2`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 2000`,
    `sentinel known-replica ${NAME} 127.0.0.1 ${of.replicaPort}`,
    ...of.others.map(({ port, id }) => `sentinel known-sentinel ${NAME} 127.0.0.1 ${port} ${id}`),
    '',
  ].join('\n')
}

async function says(port: number, question: string, expected: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    const answer = (await firstBytes(port, `${question}\r\n`).catch(() => '')).toString()
    if (answer.includes(expected)) return
    if (performance.now() > deadline) throw new Error(`${question} never said ${expected} but ${answer}`)
    await delay(20)
  }
}
