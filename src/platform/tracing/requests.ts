import type { ServerResponse } from 'node:http'
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { type Span, SpanStatusCode, type TracerProvider } from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callersIn } from './trusted.ts'

// Trace Context and Baggage, W3C recommendations.
const CONTEXT_HEADERS = ['traceparent', 'tracestate', 'baggage']

/**
 * Adds Fastify's own OpenTelemetry plugin, for a span of each request and nothing else: a span of every hook would cost
 * more than what it times. What the plugin would tell of addresses and errors is replaced, since both hold names of
 * pastes and what users wrote.
 */
export function traceRequests(app: FastifyInstance, provider: TracerProvider, trusted: readonly string[]): void {
  const isTrusted = callersIn(trusted)
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw
    // Looked for first: to find an address in a list of networks takes a microsecond.
    const given = CONTEXT_HEADERS.filter((name) => headers[name] !== undefined)
    if (given.length > 0 && !isTrusted(request.raw)) for (const name of given) delete headers[name]
    done()
  })
  const instrumentation = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: false,
    ignorePaths: ({ url }) => url.startsWith('/health/') || url.startsWith('/metrics'),
  })
  instrumentation.setTracerProvider(provider)
  // Called and not registered: Fastify would do that after routes were declared.
  instrumentation.plugin()(app, {}, () => {})
  app.addHook('onRequest', (request, reply, done) => {
    const { span } = request.opentelemetry()
    if (span?.isRecording()) describe(span, request, reply)
    done()
  })
}

/** Names the span by its route, and ends it when the answer is out instead of when it begins. */
function describe(span: Span, request: FastifyRequest, reply: FastifyReply): void {
  const { url } = request.routeOptions
  const end = span.end.bind(span)
  const setStatus = span.setStatus.bind(span)
  span.updateName(url === undefined ? request.method : `${request.method} ${url}`)
  span.setAttributes({ 'url.path': url ?? '', 'paste.request_id': request.id })
  span.end = () => {}
  span.setStatus = () => span
  const { raw: response }: { raw: ServerResponse } = reply
  response.once('close', () => {
    const { statusCode } = response
    span.setAttribute('http.response.status_code', statusCode)
    if (!response.writableFinished) span.setAttribute('error.type', 'client gone')
    else if (statusCode >= 500) {
      span.setAttribute('error.type', `${statusCode}`)
      setStatus({ code: SpanStatusCode.ERROR })
    }
    end()
  })
}
