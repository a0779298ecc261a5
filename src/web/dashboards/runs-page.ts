import { html } from 'ghtml'
import type { RunSummary } from '../../analytics/index.ts'
import { DASHBOARD_STYLES, renderDocument, renderHeader, type Site } from '../page/index.ts'
import { momentWords } from '../plots/index.ts'
import { amountWords } from '../shared/figures.js'
import { countWords } from '../shared/words.js'
import { renderFactTable } from './fact-table.ts'
import { renderOperatorLinks } from './performance-page.ts'

/** `/performance/runs`: the experiments, of which two can be chosen, and every run. */
export function renderRunsPage(site: Site, runs: readonly RunSummary[]): string {
  return renderDocument(site, {
    title: 'Load runs',
    kind: 'document wide',
    styles: [...DASHBOARD_STYLES, 'runs.css'],
    script: 'page.js',
    body: html`!${renderHeader(site, '/performance')}
<main id="main" class="page">
<div class="head"><h1>Load runs</h1>!${renderOperatorLinks(site, '/performance/runs')}</div>
!${runs.length === 0 ? renderNothing() : renderExperiments(site.base, runs)}
</main>`,
  })
}

function renderNothing(): string {
  return `<p>Nothing was stored yet. Run the load lab against this service, with the admin token, and its runs are listed here:</p>
<pre class="example" tabindex="0" role="region" aria-label="Running the lab">npm run lab -- --profile config/load/zipf.yaml --name before</pre>
<p class="muted">Change one setting, run it again under another name, and compare the two. Five repetitions of each tell a difference from noise.</p>`
}

function renderExperiments(base: string, runs: readonly RunSummary[]): string {
  const experiments = [...Map.groupBy(runs, ({ name }) => name)]
  const choose = (side: string, name: string, at: number, chosen: number) =>
    html`<td class="drawn"><input type="radio" name="${side.toLowerCase()}" value="${name}" aria-label="${name} as ${side}"!${at === chosen ? ' checked' : ''} required></td>`
  // The latest two, the older one first: what was before, and what came of it.
  const rows = experiments.map(([name, repetitions], at) => {
    const [latest] = repetitions
    const counting = repetitions.filter((run) => run.void === null)
    const best = middleOf(counting.map(({ bestPerSecond }) => bestPerSecond))
    const knee = middleOf(counting.flatMap(({ knee }) => knee?.perSecond ?? []))
    const saturated = counting.find(({ knee }) => knee !== null)?.knee?.saturated ?? '–'
    return html`!${choose('A', name, at, Math.min(1, experiments.length - 1))}!${choose('B', name, at, 0)}<th scope="row" class="words">${name}</th><td>${repetitions.length}</td><td class="words">${latest?.profile}</td><td>${latest?.version ?? '–'}</td><td>${latest?.replicas ?? '–'}</td><td>${amountWords(best)}</td><td>${amountWords(knee)}</td><td class="words">${saturated}</td>`
  })
  const heads = ['|A', '|B', '|Experiment', 'Runs', '|Profile', 'Version', 'Replicas', 'Best, /s', 'Knee, /s']
  return html`<p class="muted">Runs of one name are repetitions of one experiment. Choose two to lay them side by side.</p>
<form action="${base}/performance/runs">!${renderFactTable('experiments', 'Experiments', [...heads, '|First at its limit'], rows)}
<p class="row"><button class="primary">Compare</button></p></form>
<h2>Every run</h2>
!${renderEvery(base, runs)}`
}

function renderEvery(base: string, runs: readonly RunSummary[]): string {
  const rows = runs.map(
    (run) =>
      html`<th scope="row"><a href="${base}/performance/runs/${run.id}">${momentWords(run.startedAt)}</a></th><td class="words">${run.name}</td><td class="words">${run.target}</td><td>${amountWords(run.bestPerSecond)}</td><td>${amountWords(run.knee?.perSecond ?? null)}</td><td class="words">${run.void === null ? 'yes' : `no: ${run.void}`}</td>`,
  )
  const heads = ['Began', '|Experiment', '|Target', 'Best, /s', 'Knee, /s', '|Counts']
  return renderFactTable('runs', countWords(runs.length, 'run'), heads, rows)
}

function middleOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? null
}
