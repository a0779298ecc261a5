import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { createDurations } from '../../src/platform/metrics/durations.ts'
import { createMetrics } from '../../src/platform/metrics/index.ts'

const figure = (text: string, start: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${start} `))
      ?.split(' ')
      .at(-1),
  )

describe('what Prometheus reads', () => {
  test('a bucket counts everything up to its bound, and the last one everything', () => {
    const durations = createDurations('took', 'How long', ['kind'], [0.1, 1])
    for (const seconds of [0.05, 0.1, 0.5, 7]) durations.observe(seconds, 'x')
    const text = durations.expose()
    expect(figure(text, 'took_bucket{kind="x",le="0.1"}')).toBe(2)
    expect(figure(text, 'took_bucket{kind="x",le="1"}')).toBe(3)
    expect(figure(text, 'took_bucket{kind="x",le="+Inf"}')).toBe(4)
    expect(figure(text, 'took_count{kind="x"}')).toBe(4)
    expect(figure(text, 'took_sum{kind="x"}')).toBeCloseTo(7.65)
  })

  test('a label cannot break its line', () => {
    const durations = createDurations('took', 'How long', ['kind'], [])
    durations.observe(1, 'a"b\\c\nd')
    expect(durations.expose()).toContain('took_count{kind="a\\"b\\\\c\\nd"} 1')
  })

  test('a request counts once, under its route and never under its address', async () => {
    const metrics = createMetrics()
    const app = Fastify()
    metrics.observe(app)
    app.get('/raw/:slug', async () => 'x')
    await app.inject('/raw/secret-name')
    await app.inject('/raw/another')
    const { body } = await metrics.expose()
    expect(
      figure(body, 'paste_http_request_duration_seconds_count{method="GET",route="/raw/:slug",status="2xx"}'),
    ).toBe(2)
    expect(body).not.toContain('secret-name')
  })

  test("gauges, counters and the process's own figures are there", async () => {
    const metrics = createMetrics()
    metrics.gauge('things', 'Things now', () => 3)
    const count = metrics.counter('things_total', 'Things ever', 'kind')
    count('big')
    count('big', 2)
    const { body, contentType } = await metrics.expose()
    expect(figure(body, 'things')).toBe(3)
    expect(figure(body, 'things_total{kind="big"}')).toBe(3)
    expect(figure(body, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
    expect(contentType).toContain('text/plain')
  })
})
