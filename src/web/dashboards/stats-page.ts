import { html } from 'ghtml'
import type { PasteStats, SystemStats } from '../../analytics/index.ts'
import { DASHBOARD_STYLES, renderDocument, renderHeader, type Site } from '../page/index.ts'
import { amountWords, bytesWords, shareWords } from '../shared/figures.js'
import { agoWords, numberWords } from '../shared/words.js'
import { renderOperatorLinks } from './performance-page.ts'
import { renderDays, renderViews } from './views-sections.ts'

/** `/stats`: what the service holds, and what was made of it and viewed in the last 30 days. */
export function renderStatsPage(site: Site, stats: SystemStats): string {
  const { pastes, days } = stats
  const held: [string, string, string][] = pastes
    ? [
        ['Pastes and links', numberWords(pastes.live), 'can be read'],
        ['Content', bytesWords(pastes.contentBytes), `takes ${bytesWords(pastes.storedBytes)}${savedWords(pastes)}`],
      ]
    : [['Pastes and links', '–', 'being counted']]
  const made = [{ name: 'made', tone: 'accent', values: days.map(({ creates }) => creates) }]
  const bytes = [{ name: 'content', tone: 'accent', values: days.map(({ createdBytes }) => createdBytes) }]
  const changed = [
    { name: 'read once', tone: '3', values: days.map(({ claims }) => claims) },
    { name: 'edited', tone: '2', values: days.map(({ edits }) => edits) },
    { name: 'deleted', tone: '4', values: days.map(({ deletes }) => deletes) },
    { name: 'expired', tone: '6', values: days.map(({ ends }) => ends) },
  ]
  return renderDocument(site, {
    title: 'Pastes in figures',
    kind: 'document wide',
    styles: DASHBOARD_STYLES,
    script: 'plots-page.js',
    body: html`!${renderHeader(site, '/stats')}
<main id="main" class="page">
<div class="head"><h1>Pastes in figures</h1>!${renderOperatorLinks(site, '/stats')}</div>
!${renderTiles([
      ...held,
      ['Views', numberWords(stats.views), 'by people, in 30 days'],
      ['Visitors', numberWords(stats.uniqueVisitors), 'in 30 days, each counted once a day'],
    ])}
<h2>Views</h2>
!${renderViews(stats)}
<h2>Made and ended</h2>
<div class="plots three">
!${renderDays('made-days', 'Made', days, made)}
!${renderDays('bytes-days', 'Content made', days, bytes, { unit: 'bytes per day', words: bytesWords, steps: 'binary' })}
!${renderDays('changed-days', 'Read once, edited, ended', days, changed)}
</div>
<p class="muted small end">Days and hours are UTC. Visitors can’t be followed from one day to the next, and no address is kept. The same as JSON: <a href="${site.base}/api/v1/stats"><code>/api/v1/stats</code></a></p>
</main>`,
  })
}

/** How often one paste was viewed, for the holder of its edit token; `now` is epoch ms. */
export function renderPasteViews(stats: PasteStats, now: number): string {
  const { views, pageViews, rawViews, botViews, uniqueVisitors, firstViewAt, lastViewAt } = stats
  const ago = (at: string | null) => (at === null ? 'never' : agoWords(Date.parse(at), now))
  const tiles = renderTiles([
    ['Views', numberWords(views), `${amountWords(pageViews)} of the page, ${amountWords(rawViews)} of the bytes`],
    ['Visitors', numberWords(uniqueVisitors), 'each counted once a day'],
    ['Last view', ago(lastViewAt), `the first ${ago(firstViewAt)}`],
    ['Bots', numberWords(botViews), 'not part of the views'],
  ])
  return html`<div id="views">!${tiles}!${views + botViews === 0 ? '<p class="muted">Nobody opened it yet.</p>' : `<h2 class="unseen">By time and place</h2>${renderViews(stats)}`}</div>`
}

function renderTiles(tiles: readonly (readonly [name: string, figure: string, note: string])[]): string {
  const rendered = tiles.map(
    ([name, figure, note]) =>
      html`<div class="tile"><dt>${name}</dt><dd class="figure">${figure}</dd><dd class="muted small">${note}</dd></div>`,
  )
  return `<dl class="tiles">${rendered.join('')}</dl>`
}

function savedWords({ contentBytes, storedBytes }: NonNullable<SystemStats['pastes']>): string {
  return contentBytes > storedBytes && contentBytes > 0 ? `, ${shareWords(1 - storedBytes / contentBytes)} less` : ''
}
