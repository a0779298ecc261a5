import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { FastifyInstance, FastifyRequest } from 'fastify'

// Seconds; from a cached read to a 50 MiB upload over a slow line.
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

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

/** An empty registry with Node's own figures. */
export function createMetrics(): Metrics {
  const registers = [new Registry()]
  const [register] = registers as [Registry]
  collectDefaultMetrics({ register })
  const duration = new Histogram({
    name: 'paste_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  })
  return {
    observe(app) {
      const children = new Map<string, { observe(seconds: number): void }>()
      app.addHook('onResponse', (request, reply, done) => {
        const route = routeOf(request)
        const status = `${(reply.raw.statusCode / 100) | 0}xx`
        const key = `${request.method} ${route} ${status}`
        let child = children.get(key)
        if (child === undefined) {
          child = duration.labels({ method: request.method, route, status })
          children.set(key, child)
        }
        child.observe(reply.elapsedTime / 1_000)
        done()
      })
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    counter(name, help, label) {
      const counter = new Counter({ name, help, labelNames: [label], registers })
      return (value, by = 1) => counter.inc({ [label]: value }, by)
    },
    expose: async () => ({ contentType: register.contentType, body: await register.metrics() }),
  }
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none'
}
