import type { FastifyInstance } from 'fastify'
import { createDurations } from './durations.ts'
import { exposeMetric } from './text.ts'

// Seconds; from a cached read to a 50 MiB upload over a slow line.
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** This process's figures in Prometheus's terms. Every label has a bounded set of values: routes, never addresses. */
export type Metrics = {
  /** Counts and times every request of the server from now on. */
  observe(app: FastifyInstance): void
  /** A figure that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void
  /** A counter with one label. */
  counter(name: string, help: string, label: string): (value: string, by?: number) => void
  /** The exposition (text format 0.0.4) and its media type. */
  expose(): Promise<{ contentType: string; body: string }>
}

/**
 * No figures yet. Node's own (memory, event loop, garbage collection …) come from the metrics library, which is loaded
 * when the figures are first asked for: it costs 35 ms and 3 MiB.
 */
export function createMetrics(): Metrics {
  const requests = createDurations(
    'paste_http_request_duration_seconds',
    'Time from the first byte of a request to the last of its answer',
    ['method', 'route', 'status'],
    BOUNDS,
  )
  const ours: (() => string)[] = [requests.expose]
  let library: ReturnType<typeof loadLibrary> | undefined
  return {
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const status = `${(reply.raw.statusCode / 100) | 0}xx`
        requests.observe(reply.elapsedTime / 1_000, request.method, request.routeOptions.url ?? 'none', status)
        done()
      })
    },
    gauge(name, help, read) {
      ours.push(() => exposeMetric({ name, help, type: 'gauge' }, [{ labels: {}, value: read() }]))
    },
    counter(name, help, label) {
      const totals = new Map<string, number>()
      const samples = () => [...totals].map(([value, total]) => ({ labels: { [label]: value }, value: total }))
      ours.push(() => exposeMetric({ name, help, type: 'counter' }, samples()))
      return (value, by = 1) => totals.set(value, (totals.get(value) ?? 0) + by)
    },
    async expose() {
      library ??= loadLibrary()
      const register = await library
      const body = (await register.metrics()) + ours.map((expose) => expose()).join('')
      return { contentType: register.contentType, body }
    },
  }
}

async function loadLibrary() {
  const { collectDefaultMetrics, Registry } = await import('@prometheus-io/client')
  const register = new Registry()
  collectDefaultMetrics({ register })
  return register
}
