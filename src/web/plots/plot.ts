import { html } from 'ghtml'
import { areaPath, BAR_UNITS, bandPath, barPath, DRAWING_HEIGHT, linePath, type Values } from './plot-path.ts'
import type { Scale } from './plot-scale.ts'
import { renderPlotTable } from './plot-table.ts'
import type { Mark } from './plot-time.ts'
import type { Plot, PlotSeries } from './types.ts'

const HEIGHT = 120
const TOP = 10
const BELOW = 22

/**
 * A plot as a figure: title, legend with the latest values, drawing, table. It is whole without scripts; `plots.js`
 * puts the table's values at the pointer into the legend.
 */
export function renderPlot(plot: Plot): string {
  const { id, title, unit, axis, words } = plot
  const columns = columnsOf(plot)
  const last = axis.labels.length - 1
  const legend = columns.map(
    ({ name, tone, values }) =>
      html`<li class="tone-${tone}"><span class="name">${name}</span> <b>${words(values[last] ?? null)}</b></li>`,
  )
  return html`<figure class="plot" id="${id}" data-fresh>
<figcaption><h3>${title}</h3> <span class="muted small">${unit}</span></figcaption>
<ul class="legend">!${legend.join('')}</ul>
!${renderDrawing(plot, columns)}
!${renderPlotTable(plot, columns)}
</figure>`
}

/** What the legend and the table of a plot hold. */
function columnsOf({ columns, series }: Plot): readonly { name: string; tone: string; values: Values }[] {
  return columns ?? series.map(({ name, tone, values, shown }) => ({ name, tone, values: shown ?? values }))
}

function renderDrawing(plot: Plot, columns: readonly { name: string; values: Values }[]): string {
  const { title, unit, axis, scale, series, words } = plot
  const bars = series.some(({ drawing }) => drawing === 'bar')
  const steps = axis.labels.length
  const width = bars ? steps * BAR_UNITS : Math.max(1, steps - 1)
  const ticks = scale.ticks.map((tick) => {
    const y = TOP + (1 - scale.at(tick)) * HEIGHT
    const at = Math.round(y * 10) / 10
    return {
      line: html`<line x2="100%" y1="${at}" y2="${at}"/>`,
      text: html`<text x="-8" y="${at + 4}">${words(tick)}</text>`,
    }
  })
  const marks = axis.marks.filter(hasRoom).map(({ at, label }) => {
    const anchor = at < 0.04 ? ' text-anchor="start"' : at > 0.96 ? ' text-anchor="end"' : ''
    return html`<text x="${Math.round(at * 1e4) / 100}%" y="${TOP + HEIGHT + 16}"!${anchor}>${label}</text>`
  })
  const drawn = series.map((one) => renderSeries(one, scale)).join('')
  const empty = columns.every(({ values }) => values.every((value) => value === null))
  const nothing = html`<text class="nothing" x="50%" y="${TOP + HEIGHT / 2}" text-anchor="middle">No data in this range</text>`
  const summary = columns.map(({ name, values }) => `${name} ${words(values.at(-1) ?? null)}`).join(', ')
  return html`<div class="plot-area" data-axis="${axis.id}" data-steps="${steps}"!${bars ? ' data-bars' : ''} data-name="${title}"><svg role="img" aria-label="${title}, ${unit}. Latest: ${summary}." height="${TOP + HEIGHT + BELOW}" width="100%"><g class="grid">!${ticks.map(({ line }) => line).join('')}</g><g class="marks-below">!${marks.join('')}</g><svg y="${TOP}" width="100%" height="${HEIGHT}" viewBox="0 0 ${width} ${DRAWING_HEIGHT}" preserveAspectRatio="none">!${drawn}</svg><g class="ticks">!${ticks.map(({ text }) => text).join('')}</g>!${empty ? nothing : ''}</svg></div>`
}

/** At the right end a mark is moved to the left, where it must not meet the one before. */
function hasRoom({ at }: Mark, index: number, marks: readonly Mark[]): boolean {
  const before = marks[index - 1]?.at ?? -1
  return at <= 0.96 || at - before > 0.2
}

/** One series as the elements of its drawing. */
function renderSeries({ drawing, tone, values, lower }: PlotSeries, scale: Scale): string {
  const path = (kind: string, data: string) =>
    data === '' ? '' : html`<path class="${kind} tone-${tone}" d="${data}"/>`
  switch (drawing) {
    case 'area':
      return path('area', areaPath(values, scale)) + path('line', linePath(values, scale))
    case 'band':
      return path('band', bandPath(lower ?? [], values, scale))
    case 'bar':
      return path('bar', barPath(lower ?? values.map(() => 0), values, scale))
    default:
      return path(drawing, linePath(values, scale))
  }
}

/** A small drawing beside its figures: no axes, no legend; `scale` is shared by those that are to be compared. */
export function renderSparkline(series: readonly PlotSeries[], scale: Scale): string {
  const steps = series[0]?.values.length ?? 0
  const drawn = series.map((one) => renderSeries(one, scale)).join('')
  return html`<svg class="spark" aria-hidden="true" viewBox="0 0 ${Math.max(1, steps - 1)} ${DRAWING_HEIGHT}" preserveAspectRatio="none">!${drawn}</svg>`
}
