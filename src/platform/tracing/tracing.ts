import { type Context, context, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-node'
import type { FastifyRequest } from 'fastify'
import { type Dependency, isAppError, settledWithin } from '../../core/index.ts'
import { createExporter } from './exporter.ts'
import { traceRequests } from './requests.ts'
import { samplerOf } from './sampler.ts'
import type { Tracing, TracingSettings } from './types.ts'

const GOODBYE_MS = 2_000

/** Tracing as {@link openTracing} gives it. Registers itself with OpenTelemetry's API: one for a process. */
export function createTracing(settings: TracingSettings): Tracing {
  const counts = new Map<'ended' | 'sent' | 'failed', number>([
    ['ended', 0],
    ['sent', 0],
    ['failed', 0],
  ])
  const count = (fate: 'ended' | 'sent' | 'failed', spans: number) => counts.set(fate, (counts.get(fate) ?? 0) + spans)
  // At most 2,048 spans wait for a collector, about 6 MiB; what comes beyond is dropped (OTEL_BSP_* say otherwise).
  const batches = new BatchSpanProcessor(createExporter({ ...settings, count }))
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.serviceName, 'service.version': settings.version }),
    sampler: samplerOf(settings.sampler, settings.ratio),
    spanProcessors: [counter(() => count('ended', 1)), batches],
  })
  // The standard's context manager (by async context) and propagator (W3C's traceparent), the SDK's own choice.
  provider.register()
  const tracer = provider.getTracer('extended-pastebin', settings.version)

  return {
    observeRequests: (app) => traceRequests(app, provider, settings.trustedCallers),
    async observe(dependency, operation, call) {
      const parent = context.active()
      // Sweeps and health checks belong to no request.
      if (!trace.getSpan(parent)?.isRecording()) return call()
      const span = tracer.startSpan(`${dependency} ${operation}`, attributesOf(dependency, operation), parent)
      try {
        return await call()
      } catch (error) {
        fail(span, error)
        throw error
      } finally {
        span.end()
      }
    },
    traceIdOf(request) {
      const { traceId, traceFlags } = spanContextOf(request) ?? { traceFlags: TraceFlags.NONE }
      return traceFlags & TraceFlags.SAMPLED ? traceId : undefined
    },
    spans: () => counts,
    async close() {
      await settledWithin(provider.shutdown(), GOODBYE_MS)
    },
  }
}

function spanContextOf(request: FastifyRequest) {
  const { context: ofRequest }: { context: Context | null } = request.opentelemetry()
  return ofRequest ? trace.getSpanContext(ofRequest) : undefined
}

function attributesOf(dependency: Dependency, operation: string) {
  const named = dependency === 'database' ? { 'db.operation.name': operation } : { 'paste.operation': operation }
  return { kind: SpanKind.CLIENT, attributes: { 'paste.part': dependency, ...named } }
}

/** Of an error its kind alone: messages of databases hold values. */
function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  const kind = isAppError(error) ? error.code : error instanceof Error ? error.name : 'unknown'
  span.setAttribute('error.type', kind)
}

function counter(onEnd: () => void): SpanProcessor {
  return { onStart() {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} }
}
