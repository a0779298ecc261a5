import { html } from 'ghtml'
import type { Performance, Range } from '../../analytics/index.ts'
import { DASHBOARD_STYLES, renderDocument, renderHeader, type Site } from '../page/index.ts'
import { momentWords } from '../plots/index.ts'
import { renderNow } from './performance-now.ts'
import { renderRecordings } from './performance-sections.ts'

const RANGE_WORDS: Record<Range, string> = {
  '5m': '5 min',
  '1h': '1 h',
  '6h': '6 h',
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
}
const RANGES = Object.keys(RANGE_WORDS) as Range[]

const MINUTE_MS = 60_000
const WRITTEN_MS = 3_000

/** `/performance`: is it well now, and everything that was recorded over the range. `now` is epoch ms; `unwell` are parts that can't be used. */
export function renderPerformancePage(
  site: Site,
  performance: Performance,
  now: number,
  unwell: readonly string[] = [],
): string {
  const { range } = performance
  const ranges = RANGES.map(
    (one) =>
      html`<a href="${site.base}/performance?range=${one}"!${one === range ? ' aria-current="page"' : ''}>${RANGE_WORDS[one]}</a>`,
  )
  const { stepMs, times } = performance
  // A minute is written a moment after it ended; a longer step grows while it lasts.
  const nextMs = (times.at(-1) ?? now) + 2 * stepMs + WRITTEN_MS
  const renewAt = Math.max(now + WRITTEN_MS, Math.min(nextMs, now + MINUTE_MS))
  return renderDocument(site, {
    title: 'Performance',
    kind: 'document wide',
    styles: DASHBOARD_STYLES,
    script: 'performance.js',
    body: html`!${renderHeader(site, '/performance')}
<main id="main" class="page">
<div class="head"><h1>Performance</h1>!${renderOperatorLinks(site, '/performance')}</div>
!${renderParts(unwell)}
!${renderNow(performance)}
<div class="ranges"><nav aria-label="Range">!${ranges.join('')}</nav>
<p class="muted small live"><span id="live" role="status" data-renew-at="${renewAt}">${momentWords(now)}</span> <button type="button" class="quiet scripted" id="pause" aria-pressed="false">Pause</button></p></div>
!${renderRecordings(performance)}
<p class="muted small end">Times are UTC. The same as JSON: <a href="${site.base}/api/v1/performance?range=${range}"><code>/api/v1/performance?range=${range}</code></a></p>
</main>`,
  })
}

/** The parts of this replica that are not well, as in `/health/ready`; nothing when all are. */
function renderParts(unwell: readonly string[]): string {
  if (unwell.length === 0) return ''
  return html`<p class="verdict bad" id="unwell" role="status">Not available here: ${unwell.join(', ')}.</p>`
}

/** The pages for operators, as links among each other. `here` is the path of the current one. */
export function renderOperatorLinks({ base }: Pick<Site, 'base'>, here: string): string {
  const pages = [
    ['/performance', 'Now'],
    ['/performance/runs', 'Load runs'],
    ['/stats', 'Pastes'],
  ] as const
  const links = pages.map(
    ([path, label]) => html`<a href="${base}${path}"!${path === here ? ' aria-current="page"' : ''}>${label}</a>`,
  )
  return html`<nav class="operators" aria-label="For operators">!${links.join('')}</nav>`
}
