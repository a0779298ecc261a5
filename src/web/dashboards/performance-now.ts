import { html } from 'ghtml'
import type { Performance } from '../../analytics/index.ts'
import { highestOf, linearScale, logScaleOf, renderSparkline, type Scale, type Values } from '../plots/index.ts'
import { amountWords, durationWords, judge, shareWords } from '../shared/figures.js'

/** The first row: a sentence and four figures that tell whether it is well now, each with its course. */
export function renderNow({ now, requests, times }: Performance): string {
  const { mood, words } = judge(now)
  const errors = requests.errorsPerSecond
  const shares = requests.perSecond.map((rate, index) => {
    const failed = errors[index] ?? null
    return rate === null || failed === null ? null : rate === 0 ? 0 : failed / rate
  })
  const linear = (values: Values) => linearScale(highestOf([values]))
  const course = (values: Values, tone: string, scale: Scale) =>
    renderSparkline([{ name: '', tone, drawing: 'area', values }], scale)
  const { saturated } = now
  const resource = saturated?.resource ?? 'nothing'
  const verdict = times.length === 0 ? { mood: 'good', words: 'Nothing is recorded yet.' } : { mood, words }
  return html`<section class="now" id="now" aria-label="Now">
<p class="verdict ${verdict.mood}" id="verdict" role="status">${verdict.words}</p>
<dl class="tiles">
!${tile('rate', 'Requests', `${amountWords(now.requestsPerSecond)}<small> /s</small>`, course(requests.perSecond, 'accent', linear(requests.perSecond)))}
!${tile('errors', 'Errors', shareWords(now.errorShare), course(shares, 'danger', linear(shares)))}
!${tile('p99', 'p99', durationWords(now.p99Ms), course(requests.p99Ms, 'accent', logScaleOf([requests.p99Ms])))}
!${tile('saturated', html`Nearest its limit: <span id="now-resource">${resource}</span>`, shareWords(saturated?.share ?? null), renderUse(saturated?.share ?? 0))}
</dl>
</section>`
}

/** `name`, `figure` and `course` are HTML. */
function tile(key: string, name: string, figure: string, course: string): string {
  return `<div class="tile" id="tile-${key}"><dt>${name}</dt><dd class="figure" id="now-${key}">${figure}</dd><dd class="course" id="course-${key}" data-fresh>${course}</dd></div>`
}

/** How much of a resource is in use, as a plain bar. */
function renderUse(share: number): string {
  const used = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10
  return html`<svg class="use" aria-hidden="true" width="100%" height="8"><rect class="whole" width="100%" height="8"/><rect class="used!${share >= 0.9 ? ' tone-warn' : ''}" id="now-use" width="${used}%" height="8"/></svg>`
}
