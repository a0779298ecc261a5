import type { RunStep } from '../../src/analytics/runs/schema.ts'
import type { Profile } from './profile-schema.ts'

/** What a rate came to. */
export type Rung = {
  perSecond: number
  /** Whether what was offered was answered, in time and without errors. */
  isBorne: boolean
}

/** Decides which rates are tried; pure. */
export type Ladder = {
  /** The next rate after those that were tried; null when there is nothing more to learn. */
  next(tried: readonly Rung[]): number | null
}

/** Of what arrives, this share must have been answered as it must be: the rest is a queue that only grows. */
const ACHIEVED = 0.95
/** More errors than this are not borne. */
const MOST_ERRORS = 0.001

/** Rates are tried from the lowest on until one is not borne; then the room between is halved some times. */
export function createLadder({ arrivals, knee }: Pick<Profile, 'arrivals' | 'knee'>): Ladder {
  const rates = ratesOf(arrivals)
  const bisections = knee?.bisections ?? 0
  return {
    next(tried) {
      const climbed = tried.length
      // Without a knee to find, every rate is tried, whatever became of the one before.
      if (!knee) return rates[climbed] ?? null
      const failed = tried.findIndex(({ isBorne }) => !isBorne)
      if (failed < 0) return rates[climbed] ?? null
      if (climbed - failed - 1 >= bisections || failed === 0) return null
      const { below, above } = bracket(tried)
      return above === null ? null : Math.round((below + above) / 2)
    },
  }
}

/** The highest rate that was borne, and the lowest above it that was not (null: all were). */
export function bracket(tried: readonly Rung[]): { below: number; above: number | null } {
  const borne = tried.filter(({ isBorne }) => isBorne).map(({ perSecond }) => perSecond)
  const failed = tried.filter(({ isBorne }) => !isBorne).map(({ perSecond }) => perSecond)
  const above = failed.length > 0 ? Math.min(...failed) : null
  return { below: Math.max(0, ...borne.filter((rate) => above === null || rate < above)), above }
}

/** Every rate that a profile names, the lowest first. */
export function ratesOf({ rates, ladder, bursts }: Profile['arrivals']): number[] {
  if (rates) return rates.toSorted((one, other) => one - other)
  if (bursts) return [bursts.perSecond]
  if (!ladder) return []
  const all: number[] = []
  for (let rate = ladder.from; rate <= ladder.most; rate *= ladder.times) all.push(Math.round(rate))
  return all
}

/** Whether a step was borne: nearly everything answered rightly, and p99 of every operation within the bound. */
export function isBorne(
  step: Pick<RunStep, 'offeredPerSecond' | 'achievedPerSecond' | 'errors' | 'byOperation'>,
  mostP99Ms: number,
): boolean {
  const count = step.byOperation.reduce((sum, operation) => sum + operation.count, 0)
  return (
    step.achievedPerSecond >= ACHIEVED * step.offeredPerSecond &&
    step.errors <= MOST_ERRORS * count &&
    step.byOperation.every(({ p99Ms }) => p99Ms <= mostP99Ms)
  )
}
