import type { Recorder } from '../analytics/index.ts'
import type { Metrics } from '../platform/index.ts'

// Bytes; from a short link to the largest paste.
const SIZES = [1 / 4, 1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536].map((kibibytes) => kibibytes * 1_024)

/** A recorder that also feeds Prometheus. */
export function withPrometheus(recorder: Recorder, metrics: Metrics): Recorder {
  const route = ['method', 'route'] as const
  const received = metrics.histogram({
    name: 'paste_http_request_size_bytes',
    help: 'Bytes of requests as they came over the line',
    labelNames: route,
    bounds: SIZES,
  })
  const sent = metrics.histogram({
    name: 'paste_http_response_size_bytes',
    help: 'Bytes of answers as they went over the line',
    labelNames: route,
    bounds: SIZES,
  })
  const levels = new Map<string, { hits: number; misses: number }>()
  const byLevel = (figure: 'hits' | 'misses') => () => {
    return { label: 'level', values: new Map([...levels].map(([level, counts]) => [level, counts[figure]])) }
  }
  metrics.total('paste_cache_hits_total', 'Lookups that a cache answered', byLevel('hits'))
  metrics.total('paste_cache_misses_total', 'Lookups that it did not', byLevel('misses'))
  let waits = 0
  let waitedMs = 0
  metrics.total('paste_database_pool_waits_total', 'Times that a statement asked for a connection', () => waits)
  metrics.total(
    'paste_database_pool_wait_seconds_total',
    'How long statements waited for one, in all',
    () => waitedMs / 1_000,
  )
  let backlog: number | undefined
  let oldestMs: number | undefined
  metrics.gauge('paste_sweeper_backlog', 'Rows that are due and not yet swept', () => backlog)
  metrics.gauge('paste_sweeper_backlog_age_seconds', 'For how long the oldest of them has been due', () =>
    oldestMs === undefined ? undefined : oldestMs / 1_000,
  )
  return {
    ...recorder,
    route(method, url) {
      const count = recorder.route(method, url)
      const [requests, answers] = [received.series(method, url), sent.series(method, url)]
      return (hundreds, durationMs, bytesIn, bytesOut) => {
        count(hundreds, durationMs, bytesIn, bytesOut)
        requests.observe(bytesIn)
        answers.observe(bytesOut)
      }
    },
    waited(durationMs) {
      recorder.waited(durationMs)
      waits++
      waitedMs += durationMs
    },
    cache(level) {
      const recorded = recorder.cache(level)
      const counts = levels.get(level) ?? { hits: 0, misses: 0 }
      levels.set(level, counts)
      return {
        hit() {
          recorded.hit()
          counts.hits++
        },
        miss() {
          recorded.miss()
          counts.misses++
        },
      }
    },
    backlog(rows, ageMs) {
      recorder.backlog(rows, ageMs)
      backlog = rows ?? undefined
      oldestMs = ageMs ?? undefined
    },
  }
}
