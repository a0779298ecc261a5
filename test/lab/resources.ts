import { existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { RunResource } from '../../src/analytics/runs/schema.ts'
import { processMs } from '../load/machine.ts'
import type { Watched } from './system.ts'

/** Reads how busy everything was since it was last asked. */
export type Meter = { read(): RunResource[] }

// USER_HZ, which Linux has fixed at 100 for programs.
const TICK_MS = 10
const IDLE_FIELDS = [3, 4]
const MACHINE = 'machine cpu'
/** What of the machine nobody accounts for. */
export const OTHERS = 'other processes'
const FULL = 0.9
const HALF = 0.5
/** From this share of the machine on, they are part of what was measured. */
export const DISTURBING = 0.25

/**
 * Watches processes by /proc: those that do everything on one thread by that thread, of which they can use one core,
 * the others by all of them, which can use the whole machine; beside them the machine, and what of it none of these
 * used. Where a process is gone its share is left out; where there is no /proc nothing is watched.
 */
export function createMeter(watched: readonly Watched[], monotonic: () => number): Meter {
  let last = snapshot(watched, monotonic())
  return {
    read() {
      const next = snapshot(watched, monotonic())
      const wallMs = Math.max(1, next.at - last.at)
      const cores = cpus().length
      const shares: RunResource[] = []
      const add = (resource: string, usedMs: number, limit: number) => {
        if (usedMs >= 0) shares.push({ resource, share: Number((usedMs / wallMs / limit).toFixed(3)) })
      }
      let watchedMs = 0
      for (const [resource, use] of next.uses) {
        const before = last.uses.get(resource)
        if (!before) continue
        watchedMs += use.processMs - before.processMs
        add(resource, use.limitedMs - before.limitedMs, use.limit)
      }
      if (next.machineMs !== null && last.machineMs !== null) {
        add(MACHINE, next.machineMs - last.machineMs, cores)
        add(OTHERS, Math.max(0, next.machineMs - last.machineMs - watchedMs), cores)
      }
      last = next
      return shares.sort((one, other) => other.share - one.share)
    },
  }
}

/** The resource nearest its limit; the whole machine only where no part of it explains that. */
export function nearestLimit(resources: readonly RunResource[]): string {
  const shareOf = (name: string) => resources.find(({ resource }) => resource === name)?.share ?? 0
  const parts = resources.filter(({ resource }) => resource !== MACHINE && resource !== OTHERS)
  const busiest = parts.toSorted((one, other) => other.share - one.share)[0]
  if (busiest && busiest.share >= FULL) return busiest.resource
  if (shareOf(MACHINE) >= FULL)
    return shareOf(OTHERS) >= DISTURBING ? `${OTHERS} on this machine` : `${MACHINE} (${busiest?.resource} most)`
  return busiest && busiest.share >= HALF ? busiest.resource : 'nothing that was watched'
}

type Use = { limitedMs: number; limit: number; processMs: number }
type Snapshot = { at: number; machineMs: number | null; uses: Map<string, Use> }

function snapshot(watched: readonly Watched[], at: number): Snapshot {
  const uses: Snapshot['uses'] = new Map()
  if (!existsSync('/proc/stat')) return { at, machineMs: null, uses }
  for (const { resource, pids, oneThread } of watched) {
    try {
      const those = pids()
      const sum = (of: (pid: number) => number) => those.reduce((total, pid) => total + of(pid), 0)
      const wholeMs = sum((pid) => processMs(pid).own)
      const limitedMs = oneThread ? sum(threadMs) : wholeMs
      uses.set(resource, { limitedMs, limit: oneThread ? those.length : cpus().length, processMs: wholeMs })
    } catch {
      // It has just ended, or is being started again.
    }
  }
  return { at, machineMs: machineMs(), uses }
}

/** CPU time of the first thread of a process, ms: where Node, Redis and a worker of nginx do their work. */
function threadMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? []
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS
}

/** Time that all cores together were not idle since the machine started, ms. */
function machineMs(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1)
  const fields = line.split(/\s+/).slice(1, 9).map(Number)
  return fields.reduce((sum, ticks, index) => (IDLE_FIELDS.includes(index) ? sum : sum + ticks), 0) * TICK_MS
}
