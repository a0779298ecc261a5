import { html } from 'ghtml'
import type { PasteStats, SystemStats } from '../../analytics/index.ts'
import {
  type Axis,
  type Named,
  type Plot,
  renderPlot,
  type Steps,
  stackPlot,
  stepWords,
  timeMarks,
} from '../plots/index.ts'
import { amountWords } from '../shared/figures.js'
import { numberWords } from '../shared/words.js'
import { renderFactTable } from './fact-table.ts'

type Counted = Pick<PasteStats['hours'][number], 'pageViews' | 'rawViews' | 'botViews'>

/** Days that a plot has room for at least: the bar of a paste of today is to look like the bar of a day. */
const FEWEST_DAYS = 14

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** How often a paste, or all of them, were viewed: by day, by hour, and from where. */
export function renderViews({ days, hours, referrers, countries }: PasteStats | SystemStats): string {
  const plots = [
    viewPlot('views-days', 'Views by day', dayAxis(days), days),
    viewPlot('views-hours', 'Views by hour', hourAxis(hours), hours),
    renderVisitors(days),
  ]
  return html`<div class="plots three">!${plots.join('\n')}</div>
!${renderOrigins(referrers, countries)}`
}

/** Bars of something that is counted by day; each series has a value for each of `days`. */
export function renderDays(
  id: string,
  title: string,
  days: readonly { day: string }[],
  series: readonly Named[],
  { unit = 'per day', words = amountWords, steps = 'whole' as Steps } = {},
): string {
  return renderBars({ id, title, unit, axis: dayAxis(days), words }, series, steps)
}

function viewPlot(id: string, title: string, axis: Axis, counted: readonly Counted[]): string {
  const series = [
    { name: 'page', tone: '1', values: counted.map(({ pageViews }) => pageViews) },
    { name: 'bytes', tone: '2', values: counted.map(({ rawViews }) => rawViews) },
    { name: 'bots', tone: 'muted', values: counted.map(({ botViews }) => botViews) },
  ]
  return renderBars({ id, title, unit: 'page, bytes, and bots', axis, words: amountWords }, series, 'whole')
}

function renderVisitors(days: PasteStats['days']): string {
  const values = days.map(({ uniqueVisitors }) => uniqueVisitors)
  return renderDays('visitors-days', 'Visitors by day', days, [{ name: 'visitors', tone: 'accent', values }], {
    unit: 'different ones, by people',
  })
}

/** What the axis shows before the first value is not known. */
function renderBars(common: Omit<Plot, 'series' | 'scale'>, series: readonly Named[], steps: Steps): string {
  const padded = series.map(({ values, ...one }) => ({
    ...one,
    values: [...Array<null>(common.axis.labels.length - values.length).fill(null), ...values],
  }))
  return renderPlot(stackPlot(common, padded, { drawing: 'bar', steps }))
}

function dayAxis(days: readonly { day: string }[]): Axis {
  return barAxis('days', 'Day (UTC)', Date.parse(days.at(-1)?.day ?? ''), Math.max(FEWEST_DAYS, days.length), DAY_MS)
}

function hourAxis(hours: readonly { hour: string }[]): Axis {
  return barAxis('hours', 'Hour (UTC)', Date.parse(hours.at(-1)?.hour ?? ''), hours.length, HOUR_MS)
}

/** An axis of `count` steps that ends with the one at `last`. Marks stand under the middle of their bars. */
function barAxis(id: string, heading: string, last: number, count: number, stepMs: number): Axis {
  const times = Number.isNaN(last)
    ? []
    : Array.from({ length: count }, (_, index) => last - (count - 1 - index) * stepMs)
  const middle = (at: number) => (at * (times.length - 1) + 0.5) / times.length
  const marks = timeMarks(times).map(({ at, label }) => ({ at: middle(at), label }))
  return { id, heading, labels: stepWords(times, stepMs), marks }
}

function renderOrigins(referrers: PasteStats['referrers'], countries: PasteStats['countries']): string {
  const table = (id: string, caption: string, head: string, rows: readonly (readonly [string, number])[]) =>
    renderFactTable(
      id,
      caption,
      [head, 'Views'],
      rows.map(([name, views]) => html`<th scope="row">${name}</th><td>${numberWords(views)}</td>`),
      true,
    )
  const hosts = referrers.map(({ host, views }) => [host, views] as const)
  const places = countries.map(({ country, views }) => [countryWords(country), views] as const)
  const parts = [
    hosts.length > 0 ? table('referrers', 'Sites whose links led here', 'Came from', hosts) : '',
    places.length > 0 ? table('countries', 'Countries', 'Country', places) : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `<div class="plots two origins">${parts.join('\n')}</div>`
}

function countryWords(code: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code
  } catch {
    // Some codes of proxies are no countries: T1 is Tor.
    return code
  }
}
