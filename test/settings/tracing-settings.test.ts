import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'

describe('settings of traces', () => {
  test('without a collector there are none, and the rest has the defaults of the standard', () => {
    const { otlpEndpoint, otelSampler, otelSamplerArg } = loadConfig({})
    expect({ otlpEndpoint, otelSampler, otelSamplerArg }).toEqual({
      otlpEndpoint: undefined,
      otelSampler: 'parentbased_always_on',
      otelSamplerArg: 1,
    })
  })

  test('a collector may lie below a path, and loses its last slash', () => {
    const endpoint = (given: string) => loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: given }).otlpEndpoint
    expect(endpoint('http://collector:4318/')).toBe('http://collector:4318')
    expect(endpoint('https://traces.example/otlp/')).toBe('https://traces.example/otlp')
  })

  test('headers are pairs, percent-encoded', () => {
    const { otlpHeaders } = loadConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20eDp5, x-tenant=a=b' })
    expect(otlpHeaders).toEqual({ authorization: 'Basic eDp5', 'x-tenant': 'a=b' })
  })

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318/?key=x'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no pair'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'key=%zz'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '-1'],
  ])('%s is refused as %s', (variable, given) => {
    expect(() => loadConfig({ [variable]: given })).toThrow(variable)
  })
})
