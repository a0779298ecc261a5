import type { Run, RunStep } from './schema.ts'
import { bootstrapRatio, likelihoodOfChance, middle } from './spread.ts'

/** What is compared: times of an operation in ms, of which less is better, or requests per second. */
export type Measure = 'p50Ms' | 'p99Ms' | 'p999Ms' | 'perSecond'

/** One figure of both sides. */
export type ComparedRow = {
  /** `all` for the figures of everything together. */
  operation: string
  measure: Measure
  /** Rate at which it was measured; null for the knee. */
  offeredPerSecond: number | null
  /** Medians of the repetitions. */
  a: number
  b: number
  /** b / a, and the 95 % interval of it. */
  ratio: number
  low: number
  high: number
  /** How likely two equal systems differ as much: Mann–Whitney, exact, two-sided; 1 with a single repetition. */
  chance: number
  verdict: 'faster' | 'slower' | 'noise'
}

/** Two sets of runs side by side; pure. */
export type Comparison = {
  rows: ComparedRow[]
  /** The resource that most runs of a side name as the first to be used up; null when none does. */
  saturated: { a: string | null; b: string | null }
  /** Runs on each side that count, and those that don't. */
  counted: { a: number; b: number }
  voided: { a: number; b: number }
}

/** Repetitions on each side from which a verdict other than noise is possible. */
export const FEWEST_REPETITIONS = 5
/** A difference is believed when it is this unlikely for two equal systems: five repetitions that don't overlap. */
const MOST_CHANCE = 0.01
/** A step that answers this share of what it is offered was borne: the rest would be a queue that only grows. */
const BORNE = 0.95

/**
 * Compares repetitions of two systems under one profile. Void runs don't count. Times are those of the highest rate
 * that every run tried and bore, or else of the highest that all tried. b is `faster` or `slower` when the difference
 * is one of chance with a likelihood of at most 1 % (rank test of Mann and Whitney) and the 95 % interval of the ratio
 * of medians (bootstrap, always the same draws) doesn't hold 1; everything else is `noise`, also every difference
 * between fewer than five repetitions of each.
 */
export function compareRuns(a: readonly Run[], b: readonly Run[]): Comparison {
  const [left, right] = [a.filter(counts), b.filter(counts)]
  const rate = commonRate([...left, ...right])
  const rows: ComparedRow[] = []
  const add = (operation: string, measure: Measure, at: number | null, of: (run: Run) => number | undefined) => {
    const row = compare(left.map(of).filter(isKnown), right.map(of).filter(isKnown), measure === 'perSecond')
    if (row) rows.push({ operation, measure, offeredPerSecond: at, ...row })
  }
  add('all', 'perSecond', null, (run) => run.knee?.perSecond)
  if (rate !== undefined) {
    const stepOf = (run: Run) => run.steps.find(({ offeredPerSecond }) => offeredPerSecond === rate)
    add('all', 'perSecond', rate, (run) => stepOf(run)?.achievedPerSecond)
    for (const operation of operationsOf([...left, ...right], rate)) {
      const figure = (measure: Exclude<Measure, 'perSecond'>) => (run: Run) =>
        stepOf(run)?.byOperation.find((entry) => entry.operation === operation)?.[measure]
      for (const measure of ['p50Ms', 'p99Ms', 'p999Ms'] as const) add(operation, measure, rate, figure(measure))
    }
  }
  return {
    rows,
    saturated: { a: mostNamed(left), b: mostNamed(right) },
    counted: { a: left.length, b: right.length },
    voided: { a: a.length - left.length, b: b.length - right.length },
  }
}

function compare(
  a: readonly number[],
  b: readonly number[],
  moreIsBetter: boolean,
): Omit<ComparedRow, 'operation' | 'measure' | 'offeredPerSecond'> | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  const medians = { a: middle(a), b: middle(b) }
  if (medians.a === 0) return undefined
  const { low, high } = bootstrapRatio(a, b)
  const chance = likelihoodOfChance(a, b)
  const ratio = medians.b / medians.a
  const isReal = chance <= MOST_CHANCE && (low > 1 || high < 1)
  const verdict = !isReal ? 'noise' : ratio > 1 === moreIsBetter ? 'faster' : 'slower'
  return { ...medians, ratio, low, high, chance, verdict }
}

/** The highest rate that all runs tried and bore, or tried. */
function commonRate(runs: readonly Run[]): number | undefined {
  const ratesOf = (sound: (step: RunStep) => boolean) => {
    const sets = runs.map(({ steps }) => new Set(steps.filter(sound).map((step) => step.offeredPerSecond)))
    const [first, ...others] = sets
    return others.reduce((common, set) => common.intersection(set), first ?? new Set<number>())
  }
  const borne = ratesOf((step) => step.achievedPerSecond >= BORNE * step.offeredPerSecond)
  const rates = borne.size > 0 ? borne : ratesOf(() => true)
  return rates.size > 0 ? Math.max(...rates) : undefined
}

function operationsOf(runs: readonly Run[], rate: number): string[] {
  const steps = runs.flatMap((run) => run.steps.filter(({ offeredPerSecond }) => offeredPerSecond === rate))
  return [...new Set(steps.flatMap((step) => step.byOperation.map(({ operation }) => operation)))].sort()
}

function mostNamed(runs: readonly Run[]): string | null {
  const names = Map.groupBy(
    runs.flatMap((run) => run.knee?.saturated ?? []),
    (name) => name,
  )
  return [...names].sort(([, one], [, other]) => other.length - one.length)[0]?.[0] ?? null
}

function counts(run: Run): boolean {
  return run.void === null
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined
}
