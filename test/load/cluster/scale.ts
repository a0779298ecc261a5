import { uploadMany } from '../client.ts'
import { smallTexts } from '../data.ts'
import { smallBodies, write } from '../files.ts'
import { childrenOf, processMs } from '../machine.ts'
import type { Result } from '../result.ts'
import { type Load, type Throughput, wrk } from '../wrk.ts'
import { type LoadedCluster, startLoadedCluster } from './servers.ts'

const LADDER = [1, 2, 4, 8, 16, 32, 64]
const SECONDS = 3
const PASTES = 500
/** The knee: as few connections as give this part of the most that any number of them gives. */
const NEARLY = 0.9

type Step = Throughput & { connections: number; busy: string }

/** How many small requests one and two replicas behind nginx answer, and who is busy at the knee. */
export async function scale(folder: string): Promise<Result[]> {
  const results: Result[] = []
  for (const replicas of [1, 2]) {
    await using cluster = await startLoadedCluster(replicas)
    const port = Number(new URL(cluster.url).port)
    const slugs = await uploadMany(port, smallBodies(PASTES))
    const paths = write(
      folder,
      'paths',
      slugs.map((slug) => `/raw/${slug}`),
    )
    const bodies = write(folder, 'bodies', smallTexts(PASTES))
    const loads = {
      'reads of 4 KiB': { port, seconds: SECONDS, mode: 'paths', file: paths },
      'creates of 4 KiB': { port, seconds: SECONDS, mode: 'bodies', file: bodies },
    } as const
    for (const [work, load] of Object.entries(loads))
      results.push(await climb(`${work}, ${replicas} behind nginx`, cluster, load))
  }
  return results
}

async function climb(work: string, cluster: LoadedCluster, load: Omit<Load, 'connections'>): Promise<Result> {
  const steps: Step[] = []
  for (const connections of LADDER) steps.push(await watchedStep(cluster, { ...load, connections }))
  const most = Math.max(...steps.map(({ perSecond }) => perSecond))
  const knee = steps.find(({ perSecond }) => perSecond >= NEARLY * most) as Step
  const note = `knee at ${knee.connections} connections: ${Math.round(knee.perSecond)}/s, p99 ${knee.p99Ms.toFixed(1)} ms; of a core: ${knee.busy}`
  return { work, unit: '/s', ours: [most], goals: [], note }
}

async function watchedStep(cluster: LoadedCluster, load: Load): Promise<Step> {
  const before = cpuMs(cluster)
  const startedAt = performance.now()
  const throughput = await wrk(load)
  const after = cpuMs(cluster)
  const wallMs = performance.now() - startedAt
  const busy = Object.entries(after).map(
    ([name, ms]) => `${name} ${Math.round(((ms - (before[name] ?? 0)) / wallMs) * 100)} %`,
  )
  return { ...throughput, connections: load.connections, busy: busy.join(', ') }
}

/** CPU time used so far by each kind of process, ms. */
function cpuMs({ nginx, replicas, mariadb, redis }: LoadedCluster): Record<string, number> {
  const sum = (pids: number[]) => pids.reduce((total, pid) => total + processMs(pid).own, 0)
  return {
    replicas: sum(replicas.map(({ pid }) => pid)),
    nginx: sum(childrenOf(nginx.pid)),
    MariaDB: sum([mariadb.pid]),
    Redis: sum([redis.pid]),
    wrk: processMs(process.pid).children,
  }
}
