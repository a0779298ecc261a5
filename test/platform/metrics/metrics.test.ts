import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { timeRequests } from '../../../src/platform/http/index.ts'
import { expose, formatFor } from '../../../src/platform/metrics/exposition.ts'
import { createHistogram } from '../../../src/platform/metrics/histogram.ts'
import { createMetrics, dependencyMetrics } from '../../../src/platform/metrics/index.ts'

const figure = (text: string, start: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${start} `))
      ?.split(' ')
      .at(-1),
  )

describe('what Prometheus reads', () => {
  const took = { name: 'took', help: 'How long', labelNames: ['kind'] }

  test('a bucket counts everything up to its bound, and the last one everything', () => {
    const histogram = createHistogram({ ...took, bounds: [0.1, 1] })
    for (const seconds of [0.05, 0.1, 0.5, 7]) histogram.series('x').observe(seconds)
    const text = expose([histogram.family()], 'text').body
    expect(figure(text, 'took_bucket{kind="x",le="0.1"}')).toBe(2)
    expect(figure(text, 'took_bucket{kind="x",le="1"}')).toBe(3)
    expect(figure(text, 'took_bucket{kind="x",le="+Inf"}')).toBe(4)
    expect(figure(text, 'took_count{kind="x"}')).toBe(4)
    expect(figure(text, 'took_sum{kind="x"}')).toBeCloseTo(7.65)
  })

  test('a label cannot break its line', () => {
    const histogram = createHistogram({ ...took, bounds: [] })
    histogram.series('a"b\\c\nd').observe(1)
    expect(expose([histogram.family()], 'text').body).toContain('took_count{kind="a\\"b\\\\c\\nd"} 1')
  })

  test('labels that look alike when joined are series of their own', () => {
    const histogram = createHistogram({ name: 'took', help: 'How long', labelNames: ['method', 'route'], bounds: [] })
    histogram.series('GET /a', 'b').observe(1)
    histogram.series('GET', '/a b').observe(1)
    const text = expose([histogram.family()], 'text').body
    expect(figure(text, 'took_count{method="GET /a",route="b"}')).toBe(1)
    expect(figure(text, 'took_count{method="GET",route="/a b"}')).toBe(1)
  })

  test('quotes in a help text are escaped for OpenMetrics only', () => {
    const family = { name: 'x', help: 'The "x"\n\\', type: 'gauge', samples: [] } as const
    expect(expose([family], 'text').body).toBe('# HELP x The "x"\\n\\\\\n# TYPE x gauge\n')
    expect(expose([family], 'openmetrics').body).toContain('# HELP x The \\"x\\"\\n\\\\\n')
  })

  test('a bucket keeps the first request after a scrape as its exemplar', () => {
    const exemplar = (id: string) => ({ labels: { request_id: id }, at: 1_500 })
    const histogram = createHistogram<string>({ ...took, bounds: [1], exemplar })
    const scrape = () => expose([histogram.family(true)], 'openmetrics').body.split('\n')[2]
    histogram.series('x').observe(0.5, 'first')
    histogram.series('x').observe(0.25, 'second')
    expect(scrape()).toBe('took_bucket{kind="x",le="1"} 2 # {request_id="first"} 0.5 1.5')
    histogram.series('x').observe(0.75, 'third')
    expect(scrape()).toBe('took_bucket{kind="x",le="1"} 3 # {request_id="third"} 0.75 1.5')
    expect(scrape()).toContain('third')
    expect(expose([histogram.family()], 'text').body).not.toContain('third')
  })

  test('OpenMetrics goes to who asks for it, text to all others', () => {
    const prometheus = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
    expect([undefined, '*/*', 'text/plain', prometheus].map(formatFor)).toEqual(['text', 'text', 'text', 'openmetrics'])
  })

  test('a counter has its suffix on the sample only, in OpenMetrics, and the document an end', () => {
    const family = { name: 'x_total', help: 'X', type: 'counter', samples: [{ labels: {}, value: 1 }] } as const
    expect(expose([family], 'openmetrics').body).toBe('# HELP x X\n# TYPE x counter\nx_total 1\n# EOF\n')
    expect(expose([family], 'text').body).toBe('# HELP x_total X\n# TYPE x_total counter\nx_total 1\n')
  })

  test('calls of a part are timed by operation and outcome, and give what they gave', async () => {
    const metrics = createMetrics(Date.now)
    const observe = dependencyMetrics(metrics)
    expect(await observe('store', 'read', async () => 7)).toBe(7)
    await expect(observe('store', 'read', async () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    const { body } = await metrics.expose('text')
    for (const outcome of ['ok', 'failed'])
      expect(
        figure(body, `paste_part_call_duration_seconds_count{part="store",operation="read",outcome="${outcome}"}`),
      ).toBe(1)
  })

  test('a request counts once, under its route and never under its address', async () => {
    const metrics = createMetrics(Date.now)
    const app = Fastify()
    timeRequests(app, [metrics.requests()])
    app.get('/raw/:slug', async () => 'x')
    await app.inject('/raw/secret-name')
    await app.inject('/raw/another')
    const { body } = await metrics.expose('text')
    expect(
      figure(body, 'paste_http_request_duration_seconds_count{method="GET",route="/raw/:slug",status="2xx"}'),
    ).toBe(2)
    expect(body).not.toContain('secret-name')
  })

  test("gauges, counters and the process's own figures are there", async () => {
    const metrics = createMetrics(Date.now)
    metrics.gauge('things', 'Things now', () => 3)
    const count = metrics.counter('things_total', 'Things ever', 'kind')
    count('big')
    count('big', 2)
    const { body, contentType } = await metrics.expose('text')
    expect(figure(body, 'things')).toBe(3)
    expect(figure(body, 'things_total{kind="big"}')).toBe(3)
    expect(figure(body, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect(contentType).toContain('text/plain')
  })
})
