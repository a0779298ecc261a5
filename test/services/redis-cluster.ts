import { setTimeout as delay } from 'node:timers/promises'
import { patiently } from '../patience.ts'
import { host } from './host.ts'
import { freePort } from './ports.ts'
import { firstBytes } from './probe.ts'
import type { ServerProcess } from './process.ts'
import { redisCommand } from './redis.ts'

/** A Redis Cluster of one's own: three primaries that share the keys. `url` is what `REDIS_URL` takes. */
export type RedisCluster = {
  url: string
  ports: readonly number[]
  /** The servers, to be hurt one by one, in the order of `ports`. */
  nodes: readonly ServerProcess[]
  stop(): Promise<void>
}

const NODES = 3
const SLOTS = 16_384
const WHOLE_WITHIN_MS = patiently(20_000)

/** Starts three servers and joins them; resolves when each of them says that the cluster is whole. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const ports = await freePorts(NODES)
  const buses = await freePorts(NODES)
  const nodes: ServerProcess[] = []
  const { stop } = await host('redis-cluster', async ({ folder, run }) => {
    const starting = ports.map((port, index) =>
      run(redisCommand(port, folder, clusterOptions(port, buses[index] ?? 0))),
    )
    nodes.push(...(await Promise.all(starting)))
    for (const [index, port] of ports.entries()) {
      const from = Math.floor((index * SLOTS) / NODES)
      const to = Math.floor(((index + 1) * SLOTS) / NODES) - 1
      await firstBytes(port, `CLUSTER ADDSLOTSRANGE ${from} ${to}\r\n`)
      // Two with the same epoch would argue for seconds about whose word counts.
      await firstBytes(port, `CLUSTER SET-CONFIG-EPOCH ${index + 1}\r\n`)
    }
    for (const port of ports.slice(1)) await firstBytes(port, `CLUSTER MEET 127.0.0.1 ${ports[0]} ${buses[0]}\r\n`)
    for (const port of ports) await whole(port)
    return nodes[0] as ServerProcess
  })
  return { url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`, ports, nodes, stop }
}

function clusterOptions(port: number, bus: number): string[] {
  return [
    ...['--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${port}.conf`, '--cluster-port', `${bus}`],
    // One that is away takes its share of the keys with it, not all of them.
    ...['--cluster-node-timeout', '1000', '--cluster-require-full-coverage', 'no'],
  ]
}

async function whole(port: number): Promise<void> {
  const deadline = performance.now() + WHOLE_WITHIN_MS
  for (;;) {
    const info = (await firstBytes(port, 'CLUSTER INFO\r\n')).toString()
    if (info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`)) return
    if (performance.now() > deadline) throw new Error(`the Redis Cluster did not form:\n${info}`)
    await delay(10)
  }
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
