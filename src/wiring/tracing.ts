import type { Logger } from '../core/index.ts'
import { type Metrics, openTracing, type Tracing } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'

/** Traces, where the configuration names a collector for them; counts the fate of spans as metrics. */
export async function openTraces(
  config: Config,
  deps: { logger: Logger; metrics: Metrics; version: string },
): Promise<Tracing | undefined> {
  if (config.otlpEndpoint === undefined) return undefined
  const tracing = await openTracing({
    endpoint: config.otlpEndpoint,
    headers: config.otlpHeaders ?? {},
    serviceName: config.otelServiceName,
    sampler: config.otelSampler,
    ratio: config.otelSamplerArg,
    trustedCallers: config.trustedProxies ?? [],
    ...deps,
  })
  const help = 'Spans that were made, arrived at the collector, or could not be sent'
  deps.metrics.total('paste_trace_spans_total', help, () => ({ label: 'fate', values: tracing.spans() }))
  return tracing
}
