import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger, Observe } from '../../core/index.ts'

type RootSampler = 'always_on' | 'always_off' | 'traceidratio'

/** Which traces are kept, by the names of the OpenTelemetry specification. */
export type SamplerName = RootSampler | `parentbased_${RootSampler}`

/** Where traces go and which there are. */
export type TracingSettings = {
  /** Base address of a collector that speaks OTLP over HTTP; spans are posted to `/v1/traces` below it. */
  endpoint: string
  headers: Readonly<Record<string, string>>
  serviceName: string
  version: string
  sampler: SamplerName
  /** Share of the traces that a ratio sampler begins, 0 to 1. */
  ratio: number
  /** Addresses and CIDR ranges whose `traceparent` is believed: a stranger's could begin traces at our cost. */
  trustedCallers: readonly string[]
  logger: Logger
}

/** How many spans were made, arrived at the collector, and could not be sent; the rest waits or was dropped. */
export type SpanCounts = ReadonlyMap<'ended' | 'sent' | 'failed', number>

/** Traces by OpenTelemetry: one span for each request, below it one for each call of database, store and Redis. */
export type Tracing = {
  /** Makes a span of every request from now on, until the last byte of its answer; before any route is declared. */
  observeRequests(app: FastifyInstance): void
  /** Makes a span of each call within a request. */
  observe: Observe
  /** The id of the trace that a request is part of, if it is one that is kept: 32 hexadecimal digits. */
  traceIdOf(request: FastifyRequest): string | undefined
  spans(): SpanCounts
  /** Sends what is left, for at most two seconds. */
  close(): Promise<void>
}
