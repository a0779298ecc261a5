import { origin, type Setting, setting, text, word } from './parsers.ts'

/** The settings of traces, by the names of the OpenTelemetry specification. */
export const TRACING_SETTINGS = {
  otlpEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Collector that gets traces (OTLP over HTTP, protobuf), such as `http://collector:4318`; absent: no traces',
    undefined,
    collector,
  ),
  otlpHeaders: setting(
    'OTEL_EXPORTER_OTLP_HEADERS',
    'Headers that the collector wants, `name=value,name=value`, percent-encoded',
    undefined,
    headers,
    true,
  ),
  otelServiceName: setting('OTEL_SERVICE_NAME', 'Name of this service in traces', 'extended-pastebin', text),
  otelSampler: setting(
    'OTEL_TRACES_SAMPLER',
    'Which traces are kept: `always_on`, `always_off`, `traceidratio`, each also with `parentbased_` before it',
    'parentbased_always_on',
    word(
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
      'always_on',
      'always_off',
      'traceidratio',
    ),
  ),
  otelSamplerArg: setting('OTEL_TRACES_SAMPLER_ARG', 'Share of traces that `traceidratio` keeps, 0 to 1', '1', share),
} satisfies Record<string, Setting<unknown>>

/** An http(s) address, with a path or without. */
function collector(given: string): string {
  const url = URL.parse(given)
  if (!url || url.search || url.hash) throw new Error('wants an address such as http://collector:4318')
  return origin(url.origin) + url.pathname.replace(/\/$/, '')
}

/** As in W3C Baggage: pairs, percent-encoded. */
function headers(given: string): Record<string, string> {
  const pairs = given.split(',').map((pair) => {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    if (name === undefined || value === undefined) throw new Error('wants name=value, separated by commas')
    return [name, decodeURIComponent(value)]
  })
  return Object.fromEntries(pairs)
}

function share(given: string): number {
  const value = Number(given)
  if (!/^\d*\.?\d+$/.test(given) || value > 1) throw new Error('wants a number from 0 to 1')
  return value
}
