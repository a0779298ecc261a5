import type { Comparison } from '../../src/analytics/runs/compare.ts'
import { FEWEST_REPETITIONS } from '../../src/analytics/runs/compare.ts'
import type { Run, RunResource, RunStep } from '../../src/analytics/runs/schema.ts'
import type { CrowdSeen } from './crowds.ts'
import { DISTURBING, OTHERS } from './resources.ts'

/** A run for people: a table of steps, and in words what it means. */
export function describeRun(run: Run, crowds: readonly CrowdSeen[] = []): string {
  const { steps, knee, claims } = run
  const rows = steps.flatMap((step) =>
    step.byOperation.map((operation, index) => [
      index === 0 ? figure(step.offeredPerSecond) : '',
      index === 0 ? figure(step.achievedPerSecond) : '',
      operation.operation,
      ...[operation.count, operation.errors, operation.p50Ms, operation.p90Ms, operation.p99Ms].map(figure),
      ...[operation.p999Ms, operation.maxMs].map(figure),
      index === 0 ? busiest(step) : '',
    ]),
  )
  const head = [
    'offered/s',
    'good/s',
    'operation',
    'count',
    'errors',
    'p50 ms',
    'p90',
    'p99',
    'p99.9',
    'max',
    'busiest',
  ]
  const codes = new Map<string, number>()
  for (const { errorsByCode } of steps)
    for (const [code, count] of Object.entries(errorsByCode)) codes.set(code, (codes.get(code) ?? 0) + count)
  const errors = [...codes].map(([code, count]) => `${code} ${count}`).join(', ')
  const sum = (of: (step: RunStep) => number) => steps.reduce((total, step) => total + of(step), 0)
  const checked = `${sum((step) => step.checkedBodies).toLocaleString('en')} bodies checked, ${sum((step) => step.wrongBodies)} wrong`
  const lag = `the generator began requests ${Math.max(0, ...steps.map(({ lagP99Ms }) => lagP99Ms))} ms late at p99 in the worst step`
  const others = Math.max(
    0,
    ...steps
      .flatMap(({ resources }) => resources)
      .filter(isOthers)
      .map(({ share }) => share),
  )
  const broken = claims.filter(({ holds }) => !holds)
  return [
    table([head, ...rows]),
    knee ? `Knee: ${figure(knee.perSecond)}/s. Saturated first: ${knee.saturated}.` : undefined,
    `Errors: ${errors || 'none'}; ${checked}; ${lag}.`,
    others >= DISTURBING
      ? `Processes that the lab does not know used up to ${Math.round(others * 100)} % of this machine: the figures are theirs, too.`
      : undefined,
    ...crowds.map(describeCrowd),
    ...claims.map(({ claim, holds }) => `${holds ? '✓' : '✗'} ${claim}`),
    run.void === null ? undefined : `VOID: ${run.void}.`,
    `Verdict: ${run.void !== null ? 'does not count' : broken.length > 0 ? `${broken.length} of ${claims.length} expectations missed` : 'as expected'}.`,
  ]
    .filter((part) => part !== undefined)
    .join('\n')
}

/** A comparison for people. */
export function describeComparison({ rows, saturated, counted, voided }: Comparison): string {
  const cells = rows.map(({ operation, measure, offeredPerSecond, a, b, ratio, low, high, chance, verdict }) => [
    operation,
    NAMES[measure],
    offeredPerSecond === null ? 'knee' : `at ${figure(offeredPerSecond)}/s`,
    figure(a),
    figure(b),
    `${ratio.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`,
    chance.toFixed(3),
    verdict,
  ])
  const few = Math.min(counted.a, counted.b) < FEWEST_REPETITIONS
  return [
    table([['operation', '', 'where', 'A', 'B', 'B/A (95 %)', 'chance', 'B is'], ...cells]),
    `Saturated first: A ${saturated.a ?? 'unknown'}, B ${saturated.b ?? 'unknown'}. Runs: A ${counted.a}, B ${counted.b}; void and left out: ${voided.a}, ${voided.b}.`,
    'Faster or slower: a rank test (Mann–Whitney, exact) gives equal systems a chance of at most 0.01, and the 95 % interval of the ratio of medians (bootstrap) does not hold 1.',
    few ? `Fewer than ${FEWEST_REPETITIONS} runs on a side: no difference can be told from noise.` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('\n')
}

const NAMES = { p50Ms: 'p50 ms', p99Ms: 'p99 ms', p999Ms: 'p99.9 ms', perSecond: 'per second' }

/** Runs in a list, one line each. */
export function describeRuns(runs: readonly Run[]): string {
  const rows = runs.map((run) => [
    run.id,
    run.name,
    run.knee ? `knee ${figure(run.knee.perSecond)}/s` : `${figure(run.steps.at(-1)?.achievedPerSecond ?? 0)}/s`,
    run.void !== null ? 'void' : run.claims.every(({ holds }) => holds) ? 'as expected' : 'missed',
    run.target,
  ])
  return table([['id', 'name', 'result', 'verdict', 'target'], ...rows])
}

function isOthers({ resource }: RunResource): boolean {
  return resource === OTHERS
}

function describeCrowd({ kind, clients, open, ended }: CrowdSeen): string {
  const words = Object.entries(ended).map(([status, count]) => `${count} × ${status}`)
  return `Crowd of ${clients} ${kind}: ${open} open at the end; ended by the server: ${words.join(', ') || 'none'}.`
}

function busiest({ resources }: RunStep): string {
  return resources
    .slice(0, 3)
    .map(({ resource, share }) => `${resource} ${Math.round(share * 100)} %`)
    .join(', ')
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return `${Number(value.toPrecision(3))}`
}
