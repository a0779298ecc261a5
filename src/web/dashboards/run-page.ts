import { html } from 'ghtml'
import type { Performance, Run } from '../../analytics/index.ts'
import { DASHBOARD_STYLES, renderDocument, renderHeader, type Site } from '../page/index.ts'
import { momentWords } from '../plots/index.ts'
import { amountWords, bytesWords, durationWords } from '../shared/figures.js'
import { numberWords, sizeWords, spanWords } from '../shared/words.js'
import { renderFactTable } from './fact-table.ts'
import { renderOperatorLinks } from './performance-page.ts'
import { renderRecordings } from './performance-sections.ts'
import { renderLadder, renderResources } from './runs-plots.ts'

/** `/performance/runs/:id`: what was asked of which system, what came of it, and what the system recorded meanwhile. */
export function renderRunPage(site: Site, run: Run, recordings: Performance | null): string {
  const { name, knee, startedAt, steps } = run
  return renderDocument(site, {
    title: `Run of ${name}`,
    kind: 'document wide',
    styles: ['list.css', ...DASHBOARD_STYLES, 'runs.css'],
    script: 'plots-page.js',
    body: html`!${renderHeader(site, '/performance')}
<main id="main" class="page">
<div class="head"><h1>${name}, ${momentWords(startedAt)}</h1>!${renderOperatorLinks(site, '')}</div>
!${run.void === null ? '' : html`<p class="notice">This run does not count: ${run.void}</p>`}
<p class="verdict!${knee ? '' : ' warn'}">${knee ? `Bore ${amountWords(knee.perSecond)} requests per second; first at its limit: ${knee.saturated}.` : 'Its knee was not reached: try higher rates.'}</p>
!${renderClaims(run)}
!${renderFacts(run)}
<h2>Step by step</h2>
!${renderLadder([{ name: 'this run', tone: 'accent', runs: [run] }])}
<h2>What was in use</h2>
!${steps.some(({ resources }) => resources.length > 0) ? renderResources(run) : '<p class="muted">Nothing was measured.</p>'}
<h2>Operations</h2>
!${renderOperations(run)}
<details class="figures"><summary>Profile</summary><pre class="example" tabindex="0" role="region" aria-label="Profile">${run.profile.text}</pre></details>
!${recordings ? html`<h2 id="recordings">What the service recorded meanwhile</h2>!${renderRecordings(recordings)}` : ''}
</main>`,
  })
}

function renderClaims({ claims }: Run): string {
  const items = claims.map(
    ({ claim, holds }) =>
      html`<li><b class="!${holds ? '' : 'danger'}">${holds ? 'Holds' : 'Fails'}</b>: ${claim}</li>`,
  )
  return items.length === 0 ? '' : `<ul class="claims">${items.join('')}</ul>`
}

function renderFacts({ profile, seed, target, machine, system, offered, startedAt, endedAt }: Run): string {
  const { cores, cpu, memoryBytes, node, os } = machine
  const facts = [
    [
      'Profile',
      `${profile.name}, seed ${seed}, ${offered.arrivals} arrivals, ${numberWords(offered.seconds)} s at each rate`,
    ],
    ['Target', `${target}, version ${system.version ?? 'unknown'}, replicas: ${system.replicas ?? 'unknown'}`],
    ['Machine', `${cores} × ${cpu}, ${sizeWords(memoryBytes)}, Node ${node}, ${os}`],
    ['Took', `${spanWords(endedAt - startedAt)}, to ${momentWords(endedAt)}`],
  ]
  return html`<dl class="pairs sides">!${facts.map(([name, words]) => html`<dt>${name}</dt><dd>${words}</dd>`).join('')}</dl>`
}

function renderOperations({ steps }: Run): string {
  const rows = steps.flatMap(({ offeredPerSecond, byOperation, lagP99Ms }) =>
    byOperation.map(
      (one) =>
        html`<th scope="row">${amountWords(offeredPerSecond)} /s</th><td class="words">${one.operation}</td><td>${numberWords(one.count)}</td><td>!${one.errors === 0 ? '0' : html`<span class="danger">${numberWords(one.errors)}</span>`}</td><td>${durationWords(one.p50Ms)}</td><td>${durationWords(one.p90Ms)}</td><td>${durationWords(one.p99Ms)}</td><td>${durationWords(one.p999Ms)}</td><td>${durationWords(one.maxMs)}</td><td>${bytesWords(one.bytes)}</td><td>${durationWords(lagP99Ms)}</td>`,
    ),
  )
  const heads = ['Offered', '|Operation', 'Requests', 'Errors', 'p50', 'p90', 'p99', 'p99.9', 'Most', 'Bytes']
  return renderFactTable('operations', 'Operations', [...heads, 'Generator lag'], rows)
}
