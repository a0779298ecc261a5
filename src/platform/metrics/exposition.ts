/** The two ways to write figures that Prometheus reads. Only OpenMetrics has room for exemplars. */
export type Format = 'text' | 'openmetrics'

/** The id of one request that was counted: labels of at most 128 characters in all, its value, and when (epoch ms). */
export type Exemplar = { labels: Readonly<Record<string, string>>; value: number; at: number }

/** One figure: a name's suffix (such as `_sum`), its labels and its value. */
export type Sample = {
  suffix?: string
  labels: Readonly<Record<string, string | number>>
  value: number
  exemplar?: Exemplar | undefined
}

/** Figures of one name. A counter's name ends in `_total`. */
export type Family = {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram' | 'summary'
  samples: readonly Sample[]
}

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** The format for a scraper's Accept header: OpenMetrics to who names it, whatever else it names beside. */
export function formatFor(accept: string | undefined): Format {
  return accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text'
}

/** Families as one document (Prometheus's text format 0.0.4, or OpenMetrics 1.0.0), with its media type. */
export function expose(families: readonly Family[], format: Format): { contentType: string; body: string } {
  const end = format === 'openmetrics' ? '# EOF\n' : ''
  return {
    contentType: MEDIA_TYPES[format],
    body: families.map((family) => exposeFamily(family, format)).join('') + end,
  }
}

function exposeFamily({ name, help, type, samples }: Family, format: Format): string {
  // In OpenMetrics a counter is called by its name without the suffix that its samples have.
  const title = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name
  const lines = samples.map(({ suffix = '', labels, value, exemplar }) => {
    const trace = exemplar && format === 'openmetrics' ? exposeExemplar(exemplar) : ''
    return `${name}${suffix}${exposeLabels(labels)} ${exposeValue(value)}${trace}`
  })
  return `${[`# HELP ${title} ${format === 'openmetrics' ? escapeText(help) : escapeHelp(help)}`, `# TYPE ${title} ${type}`, ...lines].join('\n')}\n`
}

function exposeExemplar({ labels, value, at }: Exemplar): string {
  return ` # ${exposeLabels(labels)} ${exposeValue(value)} ${at / 1_000}`
}

function exposeLabels(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(`${value}`)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function exposeValue(value: number): string {
  if (Number.isFinite(value)) return `${value}`
  return Number.isNaN(value) ? 'NaN' : `${value > 0 ? '+' : '-'}Inf`
}

/** Text format 0.0.4 escapes no quotes in HELP; OpenMetrics does. */
function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeText(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
