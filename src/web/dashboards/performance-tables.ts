import { html } from 'ghtml'
import type { Performance } from '../../analytics/index.ts'
import { highestOf, linearScale, logScaleOf, momentWords, renderSparkline } from '../plots/index.ts'
import { bytesWords, durationWords, shareWords } from '../shared/figures.js'
import { numberWords } from '../shared/words.js'
import { renderFactTable } from './fact-table.ts'

const DRAWN_ROUTES = 6

/** Each route with its percentiles, and its course as two small drawings. */
export function renderRoutes({ routes }: Performance): string {
  if (routes.length === 0) return '<p class="muted" id="routes-table" data-fresh>No requests in this range.</p>'
  const drawn = routes.slice(0, DRAWN_ROUTES)
  const rates = linearScale(highestOf(drawn.map(({ perSecond }) => perSecond)))
  const times = logScaleOf(drawn.flatMap(({ seriesP50Ms, seriesP99Ms }) => [seriesP50Ms, seriesP99Ms]))
  const rows = routes.map((route, index) => {
    const { count, errors, perSecond, seriesP50Ms, seriesP99Ms } = route
    const isDrawn = index < DRAWN_ROUTES
    const rate = { name: 'rate', tone: 'accent', drawing: 'line', values: perSecond } as const
    const band = { name: 'p99', tone: 'outer', drawing: 'band', lower: seriesP50Ms, values: seriesP99Ms } as const
    const median = { name: 'p50', tone: 'middle', drawing: 'line', values: seriesP50Ms } as const
    const failed = errors === 0 ? '0' : html`<span class="danger">${numberWords(errors)}</span>`
    const figures = [route.p50Ms, route.p90Ms, route.p99Ms, route.p999Ms].map(
      (ms) => html`<td>${durationWords(ms)}</td>`,
    )
    return html`<th scope="row"><code>${route.route}</code></th><td>${numberWords(count)}</td><td>!${failed}</td><td class="drawn">!${isDrawn ? renderSparkline([rate], rates) : ''}</td>!${figures.join('')}<td class="drawn">!${isDrawn ? renderSparkline([band, median], times) : ''}</td><td>${bytesWords(route.bytesIn)}</td><td>${bytesWords(route.bytesOut)}</td>`
  })
  const heads = ['Route', 'Requests', 'Errors', '|Rate', 'p50', 'p90', 'p99', 'p99.9', '|p50 to p99', 'In', 'Out']
  return renderFactTable('routes-table', 'Routes', heads, rows)
}

/** The parts over the whole range. */
export function renderParts(parts: Performance['parts']): string {
  const rows = parts.map(
    ({ part, share, calls, p50Ms, p99Ms }) =>
      html`<th scope="row"><span class="swatch tone-part-${part}"></span>${part}</th><td>${shareWords(share)}</td><td>${numberWords(calls)}</td><td>${durationWords(p50Ms)}</td><td>${durationWords(p99Ms)}</td>`,
  )
  return renderFactTable('parts-table', 'Parts of the time', ['Part', 'Share', 'Calls', 'p50', 'p99'], rows)
}

/** Which replicas there were. */
export function renderReplicas(replicas: Performance['replicas']): string {
  const rows = replicas.map(({ name, version, startedAt, lastSeenAt }) => {
    const seen = html`<time datetime="${new Date(lastSeenAt).toISOString()}">${momentWords(lastSeenAt)}</time>`
    return html`<th scope="row">${name}</th><td>${version}</td><td><time datetime="${new Date(startedAt).toISOString()}">${momentWords(startedAt)}</time></td><td>!${seen}</td>`
  })
  return renderFactTable('replicas-table', 'Processes', ['Replica', 'Version', 'Started', 'Last seen'], rows, true)
}

/** The levels of the cache over the whole range. */
export function renderCaches(caches: Performance['caches']): string {
  const rows = caches.map(({ level, share }) => html`<th scope="row">${level}</th><td>${shareWords(share)}</td>`)
  return renderFactTable('caches-table', 'Levels of the cache', ['Level', 'Found'], rows, true)
}
