import { html } from 'ghtml'
import type { ComparedRow, Comparison, Run } from '../../analytics/index.ts'
import { DASHBOARD_STYLES, renderDocument, renderHeader, type Site } from '../page/index.ts'
import { amountWords, durationWords, shareWords } from '../shared/figures.js'
import { countWords } from '../shared/words.js'
import { renderFactTable } from './fact-table.ts'
import { renderOperatorLinks } from './performance-page.ts'
import { renderLadder } from './runs-plots.ts'

/** Two sets of runs side by side: what B is against A. */
export type Compared = { a: { name: string; runs: readonly Run[] }; b: Compared['a']; comparison: Comparison }

const MEASURES: Record<ComparedRow['measure'], string> = {
  perSecond: 'per second',
  p50Ms: 'p50',
  p99Ms: 'p99',
  p999Ms: 'p99.9',
}

/** `/performance/runs?a=…&b=…`: the verdict first, then each figure with its interval, then the courses. */
export function renderComparisonPage(site: Site, { a, b, comparison }: Compared): string {
  const { rows, saturated, counted, voided } = comparison
  const voids = voided.a + voided.b
  const sides = [
    { ...a, name: 'A', tone: '2' },
    { ...b, name: 'B', tone: 'accent' },
  ]
  return renderDocument(site, {
    title: `${a.name} and ${b.name}`,
    kind: 'document wide',
    styles: ['list.css', ...DASHBOARD_STYLES, 'runs.css'],
    script: 'plots-page.js',
    body: html`!${renderHeader(site, '/performance')}
<main id="main" class="page">
<div class="head"><h1>${a.name} and ${b.name}</h1>!${renderOperatorLinks(site, '')}</div>
<p class="verdict !${moodOf(rows)}">${verdictWords(comparison)}</p>
<dl class="pairs sides">
<dt>A</dt><dd><b>${a.name}</b>, ${countWords(counted.a, 'run')}; first at its limit: ${saturated.a ?? 'not reached'}</dd>
<dt>B</dt><dd><b>${b.name}</b>, ${countWords(counted.b, 'run')}; first at its limit: ${saturated.b ?? 'not reached'}</dd>
</dl>
!${voids === 0 ? '' : html`<p class="notice">${countWords(voids, 'void run')} left out: the list names the reasons.</p>`}
<h2>Figures</h2>
<p class="muted note">Medians of the repetitions. The line is the 95 % interval of B against A; the mark in the middle is “no change”.</p>
!${renderRows(rows)}
<h2>Step by step</h2>
!${renderLadder(sides)}
</main>`,
  })
}

/** What came out, in one sentence. */
function verdictWords({ rows, counted }: Comparison): string {
  if (counted.a === 0 || counted.b === 0) return 'Nothing to compare: one side has no run that counts.'
  if (rows.length === 0) return 'Nothing to compare: the two have no rate and no operation in common.'
  const count = (verdict: ComparedRow['verdict']) => rows.filter((row) => row.verdict === verdict).length
  const [faster, slower] = [count('faster'), count('slower')]
  if (faster + slower > 0)
    return `B is faster in ${faster} and slower in ${slower} of ${countWords(rows.length, 'figure')}.`
  const few = Math.min(counted.a, counted.b) < 5
  return few
    ? 'Noise: with fewer than five runs on a side, nothing can be concluded.'
    : 'Noise: no figure differs for sure.'
}

function moodOf(rows: readonly ComparedRow[]): string {
  return rows.some(({ verdict }) => verdict === 'slower') ? 'warn' : ''
}

function renderRows(rows: readonly ComparedRow[]): string {
  // One scale for all intervals: the widest, at least a quarter more or less, at most eight times.
  const reach = Math.min(8, Math.max(1.25, ...rows.flatMap(({ low, high }) => [high, 1 / low]).filter(Number.isFinite)))
  const cells = rows.map((row) => {
    const words = row.measure === 'perSecond' ? amountWords : durationWords
    const at = row.offeredPerSecond === null ? 'knee' : `at ${amountWords(row.offeredPerSecond)} /s`
    const change = row.ratio - 1
    const sign = change < 0 ? '−' : '+'
    return html`<th scope="row">${row.operation}</th><td class="words">${MEASURES[row.measure]}</td><td class="words">${at}</td><td>${words(row.a)}</td><td>${words(row.b)}</td><td>${sign}${shareWords(Math.abs(change))}</td><td class="drawn">!${renderInterval(row, reach)}</td><td class="words verdict-${row.verdict}">${row.verdict}</td>`
  })
  const heads = ['Operation', '|Figure', '|Where', 'A', 'B', 'Change', '|Interval', '|Verdict']
  return renderFactTable('compared', 'Figures of A and B', heads, cells)
}

/** The interval of a ratio on a logarithmic scale from 1/reach to reach. */
function renderInterval({ ratio, low, high, verdict }: ComparedRow, reach: number): string {
  const at = (value: number) => {
    const share = 0.5 + Math.log(Math.min(reach, Math.max(1 / reach, value))) / Math.log(reach) / 2
    return `${Math.round(share * 1000) / 10}%`
  }
  const span = `${amountWords(low)} to ${amountWords(high)} times`
  return html`<svg class="interval verdict-${verdict}" role="img" aria-label="${span}" width="160" height="20"><line class="same" x1="50%" x2="50%" y2="20"/><line class="span" x1="${at(low)}" x2="${at(high)}" y1="10" y2="10"/><circle cx="${at(ratio)}" cy="10" r="3.5"/></svg>`
}
