import type { FastifyRequest } from 'fastify'
import type { RequestListener } from '../http/index.ts'
import { expose, type Family, type Format } from './exposition.ts'
import { createHistogram, type Histogram, type HistogramOptions, REQUEST_SECONDS, type Series } from './histogram.ts'
import { loadProcessMetrics } from './process-metrics.ts'

/** A value that is read when it is asked for, for each value of one label. */
export type Labelled = { label: string; values: ReadonlyMap<string, number> }

/** This process's figures in Prometheus's terms. Every label has a bounded set of values: routes, never addresses. */
export type Metrics = {
  /** Counts requests and their times. `traceOf` gives the trace that a request is part of. */
  requests(traceOf?: (request: FastifyRequest) => string | undefined): RequestListener
  /** A figure that is read when it is asked for; left out while it is undefined. */
  gauge(name: string, help: string, read: () => number | undefined | Labelled): void
  /** The same of something that only grows; the name ends in `_total`. */
  total(name: string, help: string, read: () => number | undefined | Labelled): void
  /** A counter with one label. */
  counter(name: string, help: string, label: string): (value: string, by?: number) => void
  /** A histogram without exemplars. */
  histogram(options: HistogramOptions<never>): Histogram
  /** Everything, as the format has it. */
  expose(format: Format): Promise<{ contentType: string; body: string }>
}

/** No figures yet. `now` dates exemplars, epoch ms. */
export function createMetrics(now: () => number): Metrics {
  let traceIdOf: ((request: FastifyRequest) => string | undefined) | undefined
  const requests = createHistogram<FastifyRequest>({
    name: 'paste_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    bounds: REQUEST_SECONDS,
    exemplar(request) {
      const traceId = traceIdOf?.(request)
      return { labels: { request_id: request.id, ...(traceId && { trace_id: traceId }) }, at: now() }
    },
  })
  const families: (() => Family)[] = []
  let figures: ReturnType<typeof loadProcessMetrics> | undefined

  function read(type: 'gauge' | 'counter', name: string, help: string, ask: () => number | undefined | Labelled): void {
    families.push(() => ({ name, help, type, samples: samplesOf(ask()) }))
  }

  return {
    requests(traceOf) {
      traceIdOf = traceOf
      return (method, route) => {
        const byHundreds: (Series<FastifyRequest> | undefined)[] = []
        return (hundreds, durationMs, _bytesIn, _bytesOut, request) => {
          let series = byHundreds[hundreds]
          if (series === undefined) {
            series = requests.series(method, route, `${hundreds}xx`)
            byHundreds[hundreds] = series
          }
          series.observe(durationMs / 1_000, request)
        }
      }
    },
    gauge: (name, help, ask) => read('gauge', name, help, ask),
    total: (name, help, ask) => read('counter', name, help, ask),
    counter(name, help, label) {
      const values = new Map<string, number>()
      read('counter', name, help, () => ({ label, values }))
      return (value, by = 1) => values.set(value, (values.get(value) ?? 0) + by)
    },
    histogram(options) {
      const histogram = createHistogram(options)
      families.push(histogram.family)
      return histogram
    },
    async expose(format) {
      figures ??= loadProcessMetrics()
      const ofProcess = await (await figures)()
      const ours = [requests.family(format === 'openmetrics'), ...families.map((family) => family())]
      return expose([...ofProcess, ...ours], format)
    },
  }
}

function samplesOf(figure: number | undefined | Labelled): Family['samples'] {
  if (figure === undefined) return []
  if (typeof figure === 'number') return [{ labels: {}, value: figure }]
  return [...figure.values].map(([value, total]) => ({ labels: { [figure.label]: value }, value: total }))
}
