import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { type Goal, median, meets, type Result, ratio } from './result.ts'

/** The results as a Markdown table: median (min–max), the ratio to the reference, each goal and whether it is met. */
export function markdown(results: readonly Result[]): string {
  const lines = results.map((result) => {
    const { work, unit, ours, reference, note } = result
    const compared = reference ? `${reference.name}: ${summary(reference.samples)}` : ''
    const goals = result.goals.map((goal) => `${wording(goal, unit)} ${meets(result, goal) ? '✓' : '✗'}`).join(', ')
    const cells = [work, `${summary(ours)} ${unit}`, compared, ratio(result)?.toFixed(2) ?? '', goals, note ?? '']
    return `| ${cells.join(' | ')} |`
  })
  const head = ['work', 'ours', 'compared with', 'ratio', 'goal', 'note']
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...lines].join('\n')
}

/** Writes everything that was measured to `<folder>/<time>.json`; gives the path. */
export function save(folder: string, results: readonly Result[], at: Date): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${at.toISOString().replaceAll(':', '-')}.json`)
  const machine = { cpus: cpus().map(({ model }) => model), loadAverage: loadavg(), node: process.version }
  const judged = results.map((result) => ({
    ...result,
    median: median(result.ours),
    ratio: ratio(result),
    met: result.goals.every((goal) => meets(result, goal)),
  }))
  writeFileSync(file, `${JSON.stringify({ at, machine, results: judged }, null, 2)}\n`)
  return file
}

function wording(goal: Goal, unit: string): string {
  if ('ofReference' in goal) return `≥ ${goal.ofReference} ×`
  return 'atLeast' in goal ? `≥ ${figure(goal.atLeast)} ${unit}` : `≤ ${figure(goal.atMost)} ${unit}`
}

function summary(samples: readonly number[]): string {
  if (samples.length === 1) return figure(median(samples))
  return `**${figure(median(samples))}** (${figure(Math.min(...samples))}–${figure(Math.max(...samples))})`
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : `${Number(value.toPrecision(3))}`
}
