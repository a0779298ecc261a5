import { html } from 'ghtml'
import type { Performance } from '../../analytics/index.ts'
import {
  type Axis,
  highestOf,
  linearScale,
  linePlot,
  logScaleOf,
  manyPlot,
  type Named,
  percentilePlot,
  renderPlot,
  type Steps,
  stackPlot,
  stepWords,
  timeMarks,
} from '../plots/index.ts'
import { amountWords, bytesWords, durationWords, shareWords } from '../shared/figures.js'
import { renderCaches, renderParts, renderReplicas, renderRoutes } from './performance-tables.ts'

/** The colours of many like things, in turn. */
const TONES = ['1', '2', '3', '4', '5', '6'] as const

/** Everything that was recorded, section by section, as HTML; also inside the page of a lab run. */
export function renderRecordings(performance: Performance): string {
  const axis = timeAxis(performance)
  const sections = [requestSection, routeSection, partSection, replicaSection, cacheSection, sweeperSection]
  return sections.map((section) => section(performance, axis)).join('\n')
}

function timeAxis({ times, stepMs }: Performance): Axis {
  return {
    id: 'time',
    heading: 'Time (UTC)',
    labels: stepWords(times, stepMs),
    marks: timeMarks(times),
  }
}

function section(id: string, title: string, note: string, content: string): string {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>!${note === '' ? '' : html`<p class="muted note">${note}</p>`}
!${content}
</section>`
}

function requestSection({ requests }: Performance, axis: Axis): string {
  const { perSecond, errorsPerSecond, refusedPerSecond, bytesInPerSecond, bytesOutPerSecond } = requests
  const rate = { axis, unit: 'per second', words: amountWords }
  const answered = [{ name: 'requests', tone: 'accent', values: perSecond }]
  const failed = [
    { name: 'errors (5xx)', tone: 'danger', values: errorsPerSecond },
    { name: 'refused (4xx)', tone: 'warn', values: refusedPerSecond },
  ]
  const bytes = [
    { name: 'out', tone: '1', values: bytesOutPerSecond },
    { name: 'in', tone: '2', values: bytesInPerSecond },
  ]
  const times = { axis, unit: 'logarithmic', words: durationWords }
  const plots = [
    linePlot({ ...rate, id: 'requests-rate', title: 'Rate' }, answered, { filled: true }),
    linePlot({ ...rate, id: 'requests-failed', title: 'Errors and refusals' }, failed),
    percentilePlot({ ...times, id: 'requests-time', title: 'Time to answer' }, requests),
    linePlot({ axis, id: 'requests-bytes', title: 'Bytes', unit: 'per second', words: bytesWords }, bytes, {
      scale: linearScale(highestOf(bytes.map(({ values }) => values)), 'binary'),
    }),
  ]
  return section('requests', 'Requests', '', `<div class="plots two">${plots.map(renderPlot).join('\n')}</div>`)
}

function routeSection(performance: Performance): string {
  const note = 'Percentiles over the whole range. The small plots of a column share one scale.'
  return section('routes', 'By route', note, renderRoutes(performance))
}

function partSection({ parts }: Performance, axis: Axis): string {
  const common = { axis, id: 'parts-time', title: 'Time by part', unit: 'ms per second', words: durationWords }
  const named = parts.map(({ part, msPerSecond }) => ({ name: part, tone: `part-${part}`, values: msPerSecond }))
  const content = `<div class="plots beside">${renderPlot(stackPlot(common, named))}${renderParts(parts)}</div>`
  return section('parts', 'Where the time goes', 'Summed over all requests and replicas.', content)
}

function replicaSection({ perReplica, replicas }: Performance, axis: Axis): string {
  const plot = (
    key: Exclude<keyof Performance['perReplica'][number], 'name'>,
    title: string,
    unit: string,
    words: (value: number | null) => string,
    steps: Steps | 'log' = 'decimal',
  ) => {
    const named = perReplica.map(
      (one, index): Named => ({ name: one.name, tone: TONES[index % TONES.length] ?? '1', values: one[key] }),
    )
    const all = named.map(({ values }) => values)
    const scale = steps === 'log' ? logScaleOf(all) : linearScale(highestOf(all), steps)
    return renderPlot(manyPlot({ axis, id: `replicas-${key}`, title, unit, words }, named, scale))
  }
  const plots = [
    plot('perSecond', 'Rate', 'per second', amountWords),
    plot('p99Ms', 'p99', 'logarithmic', durationWords, 'log'),
    plot('cpuShare', 'CPU', 'of one core', shareWords),
    plot('loopDelayP99Ms', 'Event loop delay', 'p99', durationWords),
    plot('rssBytes', 'Memory', 'resident', bytesWords, 'binary'),
    plot('gcMsPerSecond', 'Garbage collection', 'ms per second', durationWords),
    plot('sockets', 'Open connections', 'of clients', amountWords, 'whole'),
    plot('poolWaitMsPerSecond', 'Database pool wait', 'ms per second', durationWords),
  ]
  const content = `<div class="plots three">${plots.join('\n')}</div>${renderReplicas(replicas)}`
  return section('replicas', 'Replicas', '', content)
}

function cacheSection({ caches }: Performance, axis: Axis): string {
  const named = (of: (hits: number, misses: number) => number | null) =>
    caches.map(
      ({ level, hitsPerSecond, missesPerSecond }, index): Named => ({
        name: level,
        tone: TONES[index % TONES.length] ?? '1',
        values: hitsPerSecond.map((hits, at) => {
          const misses = missesPerSecond[at] ?? null
          return hits === null || misses === null ? null : of(hits, misses)
        }),
      }),
    )
  const found = named((hits, misses) => (hits + misses === 0 ? null : hits / (hits + misses)))
  const asked = named((hits, misses) => hits + misses)
  const plots = [
    linePlot({ axis, id: 'caches-found', title: 'Found', unit: 'of lookups', words: shareWords }, found, {
      scale: linearScale(1),
    }),
    linePlot({ axis, id: 'caches-asked', title: 'Lookups', unit: 'per second', words: amountWords }, asked),
  ]
  const content = `<div class="plots two">${plots.map(renderPlot).join('\n')}</div>${renderCaches(caches)}`
  return section('caches', 'Caches', '', content)
}

function sweeperSection({ sweeper }: Performance, axis: Axis): string {
  const { sweptPerSecond, backlog, backlogAgeMs } = sweeper
  const one = (name: string, values: (number | null)[]) => [{ name, tone: 'accent', values }]
  const plots = [
    linePlot(
      { axis, id: 'sweeper-swept', title: 'Swept', unit: 'per second', words: amountWords },
      one('swept', sweptPerSecond),
      { filled: true },
    ),
    linePlot(
      { axis, id: 'sweeper-backlog', title: 'Backlog', unit: 'rows that are due', words: amountWords },
      one('due', backlog),
      { filled: true, steps: 'whole' },
    ),
    linePlot(
      { axis, id: 'sweeper-age', title: 'Age of the backlog', unit: 'of the oldest row', words: durationWords },
      one('oldest', backlogAgeMs),
      { filled: true },
    ),
  ]
  return section('sweeper', 'Sweeper', '', `<div class="plots three">${plots.map(renderPlot).join('\n')}</div>`)
}
