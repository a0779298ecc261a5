/** One figure: a name's suffix (such as `_sum`), its labels and its value. */
export type Sample = { suffix?: string; labels: Record<string, string>; value: number }

/** One metric in Prometheus's text format 0.0.4, ending in a line end. */
export function exposeMetric(
  metric: { name: string; help: string; type: 'counter' | 'gauge' | 'histogram' },
  samples: Sample[],
): string {
  const { name, help, type } = metric
  const lines = samples.map(({ suffix = '', labels, value }) => `${name}${suffix}${exposeLabels(labels)} ${value}`)
  return `${[`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`
}

function exposeLabels(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
