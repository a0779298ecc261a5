import type { Recording, ReplicaRecording, Timed } from './recording.ts'
import type { Sketches } from './sketch.ts'

/**
 * All recordings together, in whatever order they come: counts, times and bytes are added, histograms merged, sizes
 * are the largest.
 */
export function sumRecordings(recordings: readonly Recording[], { merge }: Sketches): Recording {
  const timed = (all: readonly Timed[]): Timed => ({
    count: sum(all, 'count'),
    sumUs: sum(all, 'sumUs'),
    sketch: merge(all.map(({ sketch }) => sketch)),
  })
  return {
    routes: grouped(
      recordings.flatMap(({ routes }) => routes),
      'route',
    ).map(([route, all]) => ({
      route,
      ...timed(all),
      refused: sum(all, 'refused'),
      errors: sum(all, 'errors'),
      bytesIn: sum(all, 'bytesIn'),
      bytesOut: sum(all, 'bytesOut'),
    })),
    parts: grouped(
      recordings.flatMap(({ parts }) => parts),
      'part',
    ).map(([part, all]) => ({ part, ...timed(all) })),
    caches: grouped(
      recordings.flatMap(({ caches }) => caches),
      'level',
    ).map(([level, all]) => ({
      level,
      hits: sum(all, 'hits'),
      misses: sum(all, 'misses'),
    })),
    replicas: grouped(
      recordings.flatMap(({ replicas }) => replicas),
      'name',
    ).map(([, all]) => ({
      ...sumReplica(all),
      ...timed(all),
      loopDelay: merge(all.map(({ loopDelay }) => loopDelay)),
    })),
    swept: sum(recordings, 'swept'),
    backlog: largest(recordings.map(({ backlog }) => backlog)),
    backlogAgeMs: largest(recordings.map(({ backlogAgeMs }) => backlogAgeMs)),
  }
}

const ADDED = ['coveredMs', 'errors', 'cpuUs', 'activeUs', 'gcUs', 'poolWaitUs', 'databaseUs'] as const
const LARGEST = ['seenAt', 'rssBytes', 'heapBytes', 'sockets', 'cores', 'memoryLimitBytes', 'connections'] as const

function sumReplica(all: readonly [ReplicaRecording, ...ReplicaRecording[]]): ReplicaRecording {
  const result = { ...all[0] }
  for (const figure of ADDED) result[figure] = sum(all, figure)
  for (const figure of LARGEST) result[figure] = largest(all.map((one) => one[figure])) ?? 0
  return result
}

function grouped<Item, Name extends keyof Item>(items: readonly Item[], name: Name): [Item[Name], [Item, ...Item[]]][] {
  const groups = new Map<Item[Name], [Item, ...Item[]]>()
  for (const item of items) {
    const group = groups.get(item[name])
    if (group) group.push(item)
    else groups.set(item[name], [item])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

function sum<Figure extends string>(items: readonly Record<Figure, number>[], figure: Figure): number {
  return items.reduce((total, item) => total + item[figure], 0)
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null)
}
