import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { Logger } from '../../core/index.ts'

const SEND_MS = 5_000

/**
 * Sends spans to a collector (OTLP/HTTP, protobuf), within 5 s or not at all. Says once when that fails and once when
 * it works again; `count` is called with each batch.
 */
export function createExporter(options: {
  endpoint: string
  headers: Readonly<Record<string, string>>
  logger: Logger
  count(fate: 'sent' | 'failed', spans: number): void
}): SpanExporter {
  const { logger, count } = options
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`
  const collector = new OTLPTraceExporter({ url, headers: { ...options.headers }, timeoutMillis: SEND_MS })
  let isAway = false
  return {
    export(spans, done) {
      collector.export(spans, (result) => {
        const failed = result.error !== undefined
        count(failed ? 'failed' : 'sent', spans.length)
        if (failed && !isAway)
          logger.warn({ reason: result.error?.message }, 'traces can not be sent; they are dropped')
        else if (!failed && isAway) logger.info({}, 'traces are sent again')
        isAway = failed
        done(result)
      })
    },
    shutdown: () => collector.shutdown(),
  }
}
