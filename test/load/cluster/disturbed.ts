import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { uploadMany } from '../client.ts'
import { smallBodies, write } from '../files.ts'
import type { Result } from '../result.ts'
import { type Load, wrk, wrkThroughFaults } from '../wrk.ts'
import { type LoadedCluster, startLoadedCluster } from './servers.ts'

const PASTES = 2_000
const CONNECTIONS = 16
const RESTARTS_UNDER = 50_000
/** A fault is there this long before it is measured: the breaker has seen it. */
const SETTLE_MS = 150

/** Every replica of three stopped and started in turn, again and again, while 50,000 requests pass. */
export async function rolling(folder: string): Promise<Result[]> {
  await using cluster = await startLoadedCluster(3)
  const load = await readsOf(cluster, folder)
  let requests = 0
  let errors = 0
  let restarts = 0
  while (requests < RESTARTS_UNDER) {
    let running = true
    const restarting = (async () => {
      for (let index = 0; running; index++) {
        const replica = cluster.replicas[index % cluster.replicas.length]
        await replica?.kill('SIGTERM')
        await replica?.restart()
        restarts++
      }
    })()
    const seen = await wrkThroughFaults({ ...load, seconds: 10 }).finally(() => {
      running = false
    })
    await restarting
    requests += seen.requests
    errors += seen.errors
  }
  const note = `${restarts} stops by SIGTERM during ${requests.toLocaleString('en')} requests`
  return [
    {
      work: 'requests failed in rolling restarts of 3 replicas',
      unit: 'failed',
      ours: [errors],
      goals: [{ atMost: 0 }],
      note,
    },
  ]
}

/** Reads while Redis is away in each way that there is, compared with the same reads when it is there. */
export async function withoutRedis(folder: string): Promise<Result[]> {
  await using cluster = await startLoadedCluster(3)
  const { redis } = cluster
  const load = await readsOf(cluster, folder)
  const faults = {
    paused: { hurt: async () => redis.pause(), mend: async () => redis.resume() },
    flushed: { hurt: () => flush(redis.port), mend: async () => {} },
    'killed, its port refusing': { hurt: () => redis.kill('SIGKILL'), mend: () => redis.restart() },
  }
  const results: Result[] = []
  for (const [name, { hurt, mend }] of Object.entries(faults)) {
    await wrk({ ...load, seconds: 3 })
    const calm = await wrk({ ...load, seconds: 6 })
    await hurt()
    await delay(SETTLE_MS)
    const hurting = await wrkThroughFaults({ ...load, seconds: 6 })
    await mend()
    results.push({
      work: `reads with Redis ${name}`,
      unit: 'times the p99 before',
      ours: [hurting.p99Ms / calm.p99Ms],
      goals: [{ atMost: 2 }],
      note: `${hurting.errors} errors in ${hurting.requests.toLocaleString('en')} requests; p99 ${calm.p99Ms.toFixed(1)} → ${hurting.p99Ms.toFixed(1)} ms`,
    })
  }
  return results
}

async function readsOf({ url }: LoadedCluster, folder: string): Promise<Omit<Load, 'seconds'>> {
  const port = Number(new URL(url).port)
  const slugs = await uploadMany(port, smallBodies(PASTES))
  return {
    port,
    connections: CONNECTIONS,
    mode: 'paths',
    file: write(
      folder,
      'paths',
      slugs.map((slug) => `/raw/${slug}`),
    ),
  }
}

async function flush(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.end('FLUSHALL\r\n')
  for await (const _answer of socket);
}
