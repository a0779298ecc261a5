import type { Family, Sample } from './exposition.ts'

type LibraryMetric = {
  name: string
  help: string
  // The library's types say a number; it gives the name.
  type: unknown
  values: { value: number; labels: Partial<Record<string, string | number>>; metricName?: string }[]
}

/**
 * Node's own figures: memory, event loop, garbage collection, open files. They come from the metrics library, which is
 * loaded when this is first called: it costs 35 ms and 3 MiB.
 */
export async function loadProcessMetrics(): Promise<() => Promise<Family[]>> {
  const { collectDefaultMetrics, Registry } = await import('@prometheus-io/client')
  const register = new Registry()
  collectDefaultMetrics({ register })
  return async () => {
    const metrics: LibraryMetric[] = await register.getMetricsAsJSON()
    return metrics.map(familyOf).filter(isOfUse)
  }
}

/** Left out: gauges whose names say that they are counters, what the library fills late or never, and 40 more series. */
function isOfUse({ name, type }: Family): boolean {
  if (type === 'gauge' && name.endsWith('_total')) return false
  return !/^nodejs_(eventloop_utilization|eventloop_lag_(min|mean|stddev|p50|p90)|heap_space)_/.test(name)
}

function familyOf({ name, help, type, values }: LibraryMetric): Family {
  const samples = values.map(({ value, labels, metricName = name }): Sample => {
    return { suffix: metricName.slice(name.length), labels: labels as Sample['labels'], value }
  })
  return { name, help, type: type as Family['type'], samples }
}
