import type { Recording, ReplicaRecording, Sketches } from '../recording/index.ts'
import { rounded, sumOf } from './course.ts'
import type { Performance } from './schema.ts'

type Saturated = NonNullable<Performance['now']['saturated']>

/** A time in four figures: what was recorded in `seconds`, of all replicas. */
export function nowOf(recordings: readonly Recording[], seconds: number, sketches: Sketches): Performance['now'] {
  const replicas = recordings.flatMap((recording) => recording.replicas)
  const count = sumOf(replicas, 'count')
  const { whole } = sketches.quantiles([replicas.map(({ sketch }) => sketch)], [0.99] as const)
  return {
    requestsPerSecond: count / seconds,
    errorShare: count === 0 ? 0 : sumOf(replicas, 'errors') / count,
    p99Ms: whole[0],
    saturated: replicas
      .flatMap(loadsOf)
      .reduce<Saturated | null>((most, load) => (most === null || load.share > most.share ? load : most), null),
  }
}

/** How near a replica is to each of its limits. */
function loadsOf(replica: ReplicaRecording): Saturated[] {
  const { coveredMs, cpuUs, activeUs, databaseUs, rssBytes, cores, connections, memoryLimitBytes } = replica
  const coveredUs = Math.max(coveredMs, 1) * 1_000
  const loads = [
    { resource: 'event loop', share: activeUs / coveredUs },
    { resource: 'cpu', share: cpuUs / coveredUs / cores },
    { resource: 'memory', share: rssBytes / memoryLimitBytes },
    // Little's law: the time that statements take is the number of connections that are in use.
    ...(connections > 0 ? [{ resource: 'database pool', share: databaseUs / coveredUs / connections }] : []),
  ]
  return loads.map(({ resource, share }) => ({ resource, share: rounded(Math.min(share, 1)) ?? 0 }))
}
