import { randomBytes } from 'node:crypto'
import { cpus, type as osName, release, totalmem } from 'node:os'
import type { Run, RunStep } from '../../src/analytics/runs/schema.ts'
import { bracket, type Rung } from './ladder.ts'
import { nearestLimit } from './resources.ts'

/** A generator later than this at p99 measured itself. */
export const MOST_LAG_MS = 5
/** To begin all of a burst takes a moment. */
const MOST_BURST_LAG_MS = 500

/** The highest rate that was borne, and what was nearest its limit at the lowest that was not. */
export function kneeOf(steps: readonly RunStep[], rungs: readonly Rung[]): Run['knee'] {
  const { below, above } = bracket(rungs)
  if (above === null) return { perSecond: below, saturated: 'nothing: the highest rate was borne' }
  const failed = steps[rungs.findIndex(({ perSecond }) => perSecond === above)]
  if (!failed) return null
  const saturated = failed.lagP99Ms > MOST_LAG_MS ? 'the generator (the knee is at least this)' : undefined
  return { perSecond: below, saturated: saturated ?? nearestLimit(failed.resources) }
}

/**
 * Why a run does not count; null when it does. A lag counts where the figures do: at a rate that was not borne it only
 * means that the knee is higher.
 */
export function whyVoid(steps: readonly RunStep[], rungs: readonly Rung[], isBurst: boolean): string | null {
  const most = isBurst ? MOST_BURST_LAG_MS : MOST_LAG_MS
  const borne = steps.filter((_, index) => rungs[index]?.isBorne)
  const judged = borne.length > 0 ? borne : steps
  const lag = Math.max(0, ...judged.map(({ lagP99Ms }) => lagP99Ms))
  return lag > most ? `the generator began requests ${lag} ms late at p99; at most ${most} ms count` : null
}

/** An id that sorts by time. */
export function runId(startedAt: number, profile: string): string {
  const time = new Date(startedAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  return `${time}-${profile}-${randomBytes(2).toString('hex')}`
}

/** What the generator runs on. */
export function machine(): Run['machine'] {
  const cores = cpus()
  return {
    cores: cores.length,
    cpu: (cores[0]?.model ?? 'unknown').slice(0, 200),
    memoryBytes: totalmem(),
    node: process.version,
    os: `${osName()} ${release()}`,
  }
}
