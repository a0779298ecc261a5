import { html } from 'ghtml'
import type { Run } from '../../analytics/index.ts'
import { type Axis, linePlot, logScaleOf, type Named, type Plot, renderPlot, type Values } from '../plots/index.ts'
import { amountWords, durationWords, shareWords } from '../shared/figures.js'

/** One side of a comparison, or the one run of a page. */
export type Side = { name: string; tone: string; runs: readonly Run[] }

const MOST_MARKS = 8
const TONES = ['1', '2', '3', '4', '5', '6'] as const

/**
 * What was offered along the bottom, step by step: what was answered, how long it took, what was wrong. Several runs of
 * a side are shown by the median at each rate.
 */
export function renderLadder(sides: readonly Side[]): string {
  const rates = [...new Set(sides.flatMap(({ runs }) => runs.flatMap(stepsOf).map((step) => step.offeredPerSecond)))]
  rates.sort((a, b) => a - b)
  const axis = rateAxis(rates)
  const perSide = (of: (step: Run['steps'][number]) => number | null): Named[] =>
    sides.map(({ name, tone, runs }) => ({ name, tone, values: rates.map((rate) => medianAt(runs, rate, of)) }))
  const answered = perSide((step) => step.achievedPerSecond)
  const offered: Named = { name: 'offered', tone: 'muted', drawing: 'dots', values: rates }
  const share = (step: Run['steps'][number]) => {
    const count = step.byOperation.reduce((sum, operation) => sum + operation.count, 0)
    return count === 0 ? null : step.errors / count
  }
  const times = (title: string, of: 'p50Ms' | 'p99Ms'): Plot => {
    const series = perSide((step) => slowest(step, of))
    const scale = logScaleOf(series.map(({ values }) => values))
    const common = { axis, id: `ladder-${of}`, title, unit: 'slowest operation, logarithmic', words: durationWords }
    return linePlot(common, series, { scale })
  }
  const plots = [
    linePlot({ axis, id: 'ladder-answered', title: 'Answered', unit: 'per second', words: amountWords }, [
      ...answered,
      offered,
    ]),
    linePlot(
      { axis, id: 'ladder-errors', title: 'Errors', unit: 'of all requests', words: shareWords },
      perSide(share),
    ),
    times('p50', 'p50Ms'),
    times('p99', 'p99Ms'),
  ]
  return `<div class="plots two">${plots.map(renderPlot).join('\n')}</div>`
}

/** How much of each part was in use at each rate of one run. */
export function renderResources({ steps }: Run): string {
  const names = [...new Set(steps.flatMap(({ resources }) => resources.map(({ resource }) => resource)))]
  const axis = rateAxis(steps.map(({ offeredPerSecond }) => offeredPerSecond))
  const most = (values: Values) => Math.max(0, ...values.map((value) => value ?? 0))
  const series = names
    .map((name) => ({
      name,
      values: steps.map(({ resources }) => resources.find(({ resource }) => resource === name)?.share ?? null),
    }))
    .sort((a, b) => most(b.values) - most(a.values))
    .slice(0, TONES.length)
    .map((one, index): Named => ({ ...one, tone: TONES[index] ?? '1' }))
  const common = { axis, id: 'resources', title: 'In use', unit: 'of what each part can give', words: shareWords }
  return html`<div class="plots one">!${renderPlot(linePlot(common, series))}</div>`
}

function rateAxis(rates: readonly number[]): Axis {
  const last = Math.max(1, rates.length - 1)
  const every = Math.ceil(rates.length / MOST_MARKS)
  return {
    id: 'rates',
    heading: 'Offered, per second',
    labels: rates.map((rate) => `${amountWords(rate)} /s`),
    marks: rates.flatMap((rate, index) =>
      index % every === 0 ? [{ at: rates.length === 1 ? 0.5 : index / last, label: amountWords(rate) }] : [],
    ),
  }
}

function stepsOf({ steps }: Run) {
  return steps
}

function slowest(step: Run['steps'][number], of: 'p50Ms' | 'p99Ms'): number | null {
  const counted = step.byOperation.filter(({ count }) => count > 0)
  return counted.length === 0 ? null : Math.max(...counted.map((operation) => operation[of]))
}

function medianAt(
  runs: readonly Run[],
  rate: number,
  of: (step: Run['steps'][number]) => number | null,
): number | null {
  const found = runs.flatMap(stepsOf).filter(({ offeredPerSecond }) => offeredPerSecond === rate)
  const values = found
    .map(of)
    .filter((value) => value !== null)
    .sort((a, b) => a - b)
  return values[values.length >> 1] ?? null
}
