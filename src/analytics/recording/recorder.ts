import type { Dependency } from '../../core/index.ts'
import { createProcessMonitor, type ProcessLimits } from './process-monitor.ts'
import type { CacheRecording, RecordedPart, Recording, RouteRecording, Timed } from './recording.ts'
import { BINS, encodeBins } from './sketch-bins.ts'
import { createTimes, type Times } from './times.ts'

/** Which process records. */
export type ReplicaName = { name: string; version: string; startedAt: number }

/** Counts what happens in this process. Nothing here waits, fails or takes more than a fraction of a microsecond. */
export type Recorder = {
  /** The counter of one route: the first digit of the status, how long, bytes in and out. */
  route(
    method: string,
    route: string,
  ): (hundreds: number, durationMs: number, bytesIn: number, bytesOut: number) => void
  /** Counts a call of a part, or a wait. */
  spent(part: RecordedPart, durationMs: number): void
  /** Counts a wait for a connection to the database. */
  waited(durationMs: number): void
  /** Times a call of a part: an `Observe`. */
  observe<Result>(part: Dependency, operation: string, call: () => Promise<Result>): Promise<Result>
  /** The counters of one level of a cache. */
  cache(level: string): { hit(): void; miss(): void }
  /** Counts steps of the sweeper. */
  swept(steps: number): void
  /** What there is to sweep: rows that are due and how long the oldest is, ms; null: not known. */
  backlog(rows: number | null, oldestMs: number | null): void
  /** Looks at what has a size; `sockets` are the open connections. To be called every few seconds. */
  sample(sockets: number): void
  /** What was counted since the last call (`now`: epoch ms); counting restarts. */
  take(now: number): Recording
  /** Ends what watches the process. */
  stop(): void
}

type Route = { times: Times; refused: number; errors: number; bytesIn: number; bytesOut: number }

/** A recorder of the process `replica`. */
export function createRecorder(replica: ReplicaName, limits: ProcessLimits): Recorder {
  const routes = new Map<string, Route>()
  const parts = new Map<RecordedPart, Times>()
  const caches = new Map<string, CacheRecording>()
  const own = createProcessMonitor(limits)
  let swept = 0
  let backlog: Pick<Recording, 'backlog' | 'backlogAgeMs'> = { backlog: null, backlogAgeMs: null }
  let poolWaitUs = 0
  let takenAt = performance.now()

  const spent: Recorder['spent'] = (part, durationMs) => {
    let times = parts.get(part)
    if (times === undefined) {
      times = createTimes()
      parts.set(part, times)
    }
    times.add(durationMs * 1_000)
  }

  function takeRoutes(): { list: RouteRecording[]; all: Timed & { errors: number } } {
    const bins = new Float64Array(BINS)
    const all = { count: 0, sumUs: 0, errors: 0 }
    const list: RouteRecording[] = []
    for (const [route, one] of routes) {
      one.times.addTo(bins)
      const taken = one.times.take()
      if (taken.count === 0) continue
      const { refused, errors, bytesIn, bytesOut } = one
      list.push({ route, ...taken, refused, errors, bytesIn, bytesOut })
      Object.assign(one, { refused: 0, errors: 0, bytesIn: 0, bytesOut: 0 })
      all.count += taken.count
      all.sumUs += taken.sumUs
      all.errors += errors
    }
    return { list: list.sort(byName('route')), all: { ...all, sketch: encodeBins(bins) } }
  }

  function takeParts(): Recording['parts'] {
    const list = [...parts].map(([part, times]) => ({ part, ...times.take() }))
    return list.filter(({ count }) => count > 0).sort(byName('part'))
  }

  function takeCaches(): CacheRecording[] {
    const list = [...caches.values()].map((counts) => ({ ...counts })).sort(byName('level'))
    for (const counts of caches.values()) Object.assign(counts, { hits: 0, misses: 0 })
    return list
  }

  return {
    route(method, url) {
      const route = `${method} ${url}`
      const one: Route = routes.get(route) ?? { times: createTimes(), refused: 0, errors: 0, bytesIn: 0, bytesOut: 0 }
      routes.set(route, one)
      const { times } = one
      return (hundreds, durationMs, bytesIn, bytesOut) => {
        times.add(durationMs * 1_000)
        if (hundreds === 4) one.refused++
        else if (hundreds === 5) one.errors++
        one.bytesIn += bytesIn
        one.bytesOut += bytesOut
      }
    },
    spent,
    waited(durationMs) {
      spent('queue', durationMs)
      poolWaitUs += durationMs * 1_000
    },
    async observe(part, _operation, call) {
      const startedAt = performance.now()
      try {
        return await call()
      } finally {
        spent(part, performance.now() - startedAt)
      }
    },
    cache(level) {
      const counts = caches.get(level) ?? { level, hits: 0, misses: 0 }
      caches.set(level, counts)
      return { hit: () => void counts.hits++, miss: () => void counts.misses++ }
    },
    swept(steps) {
      swept += steps
    },
    backlog(rows, oldestMs) {
      backlog = { backlog: rows, backlogAgeMs: oldestMs }
    },
    sample: own.sample,
    take(now) {
      const at = performance.now()
      const { list, all } = takeRoutes()
      const partsTaken = takeParts()
      const databaseUs = partsTaken.find(({ part }) => part === 'database')?.sumUs ?? 0
      const figures = { ...own.take(), seenAt: now, coveredMs: Math.round(at - takenAt), databaseUs }
      const recording: Recording = {
        routes: list,
        parts: partsTaken,
        caches: takeCaches(),
        replicas: [{ ...replica, ...all, ...figures, poolWaitUs: Math.round(poolWaitUs) }],
        swept,
        ...backlog,
      }
      takenAt = at
      swept = 0
      poolWaitUs = 0
      return recording
    },
    stop: own.stop,
  }
}

function byName<Name extends string>(name: Name) {
  return (a: Record<Name, string>, b: Record<Name, string>) => (a[name] < b[name] ? -1 : 1)
}
