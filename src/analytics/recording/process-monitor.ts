import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import type { ReplicaRecording } from './recording.ts'
import { BINS, binOf, encodeBins } from './sketch-bins.ts'

/** What a process may use at most. */
export type ProcessLimits = Pick<ReplicaRecording, 'cores' | 'memoryLimitBytes' | 'connections'>

/** What {@link createProcessMonitor} gives of a process. */
export type ProcessRecording = ProcessLimits &
  Pick<ReplicaRecording, 'cpuUs' | 'activeUs' | 'gcUs' | 'loopDelay' | 'rssBytes' | 'heapBytes' | 'sockets'>

/** Watches this process. */
export type ProcessMonitor = {
  /** Looks at what has a size, such as memory; `sockets` are the open connections. To be called every few seconds. */
  sample(sockets: number): void
  /** What was seen since the last call. */
  take(): ProcessRecording
  stop(): void
}

// A thread of its own does the waiting; what is added to it is the delay.
const RESOLUTION_MS = 20

/** Begins to watch. */
export function createProcessMonitor(limits: ProcessLimits): ProcessMonitor {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let gcMs = 0
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMs += duration
  })
  collections.observe({ entryTypes: ['gc'] })
  let cpu = process.cpuUsage()
  let activeMs = performance.eventLoopUtilization().active
  let lastSockets = 0
  let largest = { rssBytes: 0, heapBytes: 0, sockets: 0 }

  function sample(sockets: number): void {
    const { rss, heapUsed } = process.memoryUsage()
    lastSockets = sockets
    largest = {
      rssBytes: Math.max(largest.rssBytes, rss),
      heapBytes: Math.max(largest.heapBytes, heapUsed),
      sockets: Math.max(largest.sockets, sockets),
    }
  }
  return {
    sample,
    take() {
      sample(lastSockets)
      const usedCpu = process.cpuUsage(cpu)
      const active = performance.eventLoopUtilization().active
      const taken = {
        ...limits,
        ...largest,
        cpuUs: usedCpu.user + usedCpu.system,
        activeUs: Math.round((active - activeMs) * 1_000),
        gcUs: Math.round(gcMs * 1_000),
        loopDelay: encodeDelay(delay),
      }
      cpu = process.cpuUsage()
      activeMs = active
      gcMs = 0
      largest = { rssBytes: 0, heapBytes: 0, sockets: 0 }
      delay.reset()
      return taken
    },
    stop() {
      delay.disable()
      collections.disconnect()
    },
  }
}

/** Node's histogram as one that can be merged with others: what lies between two of its steps counts as the upper one. */
function encodeDelay({ count, percentiles }: ReturnType<typeof monitorEventLoopDelay>): Uint8Array {
  const bins = new Float64Array(BINS)
  let seen = 0
  for (const [percentile, nanoseconds] of percentiles) {
    const until = Math.round((count * percentile) / 100)
    const bin = binOf(nanoseconds / 1_000 - RESOLUTION_MS * 1_000)
    bins[bin] = (bins[bin] as number) + until - seen
    seen = until
  }
  return encodeBins(bins)
}
