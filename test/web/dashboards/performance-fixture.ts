import type { Performance, Range, Series } from '../../../src/analytics/index.ts'

const MINUTE = 60_000
const SHAPES: Record<Range, { stepMs: number; steps: number }> = {
  '5m': { stepMs: MINUTE, steps: 5 },
  '1h': { stepMs: MINUTE, steps: 60 },
  '6h': { stepMs: 10 * MINUTE, steps: 36 },
  '24h': { stepMs: 20 * MINUTE, steps: 72 },
  '7d': { stepMs: 180 * MINUTE, steps: 56 },
  '30d': { stepMs: 720 * MINUTE, steps: 60 },
}
const ROUTES = [
  ['GET /raw/:slug', 0.55, 0.3],
  ['GET /:slug', 0.2, 0.6],
  ['POST /api/v1/pastes', 0.1, 4],
  ['GET /assets/:file', 0.08, 0.2],
  ['GET /api/v1/pastes/:slug', 0.03, 0.5],
  ['GET /api/v1/pastes/:slug/content', 0.02, 1],
  ['PUT /:slug', 0.008, 20],
  ['DELETE /api/v1/pastes/:slug', 0.005, 6],
  ['POST /api/v1/pastes/:slug/claim', 0.002, 5],
  ['GET /recent', 0.002, 3],
  ['GET /', 0.001, 0.4],
  ['GET /help', 0.001, 0.3],
  ['GET /mine', 0.0005, 0.3],
  ['GET /qr/:slug', 0.0003, 1],
  ['GET /health/ready', 0.0002, 0.8],
] as const
const PARTS = [
  ['database', 0.38],
  ['store', 0.22],
  ['redis', 0.06],
  ['queue', 0.04],
  ['encoding', 0.12],
  ['other', 0.18],
] as const

/**
 * A day in the life of a busy cluster, the same for the same seed: load that rises and falls, an incident with errors
 * at two thirds, and a gap where nothing was recorded. `endAt` is epoch ms.
 */
export function performanceFixture(
  range: Range,
  { seed = 1, replicas = 3, endAt = Date.UTC(2026, 10, 23, 14, 5) } = {},
): Performance {
  const { stepMs, steps } = SHAPES[range]
  const random = generator(seed)
  const times = Array.from({ length: steps }, (_, index) => endAt - (steps - index) * stepMs)
  const gapAt = Math.floor(steps * 0.2)
  const badAt = Math.floor(steps * 0.66)
  const known = (make: (index: number) => number): Series =>
    times.map((_, index) => (index >= gapAt && index < gapAt + 3 ? null : round(make(index))))
  const isBad = (index: number) => index >= badAt && index < badAt + Math.ceil(steps / 20)
  const load = times.map((_, index) => 900 + 500 * Math.sin((index / steps) * 6) + 120 * random())
  const at = (index: number) => load[index] ?? 0
  const rough = () => 0.8 + 0.4 * random()
  const slow = (index: number, ms: number) => ms * rough() * (isBad(index) ? 6 : 1)
  const total = load.reduce((sum, rate) => sum + (rate * stepMs) / 1000, 0)
  const names = Array.from({ length: replicas }, (_, index) => `app-${index + 1}`)
  return {
    range,
    stepMs,
    times,
    replicas: names.map((name, index) => ({
      name,
      version: '0.1.0',
      startedAt: endAt - 86_400_000 - index * 60_000,
      lastSeenAt: endAt - index * 1_000,
    })),
    now: { requestsPerSecond: 1_012.4, errorShare: 0, p99Ms: 8.4, saturated: { resource: 'cpu', share: 0.62 } },
    requests: {
      perSecond: known(at),
      errorsPerSecond: known((index) => (isBad(index) ? at(index) * 0.03 * rough() : 0)),
      refusedPerSecond: known(() => 4 * rough()),
      p50Ms: known((index) => slow(index, 0.4)),
      p90Ms: known((index) => slow(index, 2.2)),
      p99Ms: known((index) => slow(index, 9)),
      p999Ms: known((index) => slow(index, 60)),
      bytesInPerSecond: known((index) => at(index) * 3_000 * rough()),
      bytesOutPerSecond: known((index) => at(index) * 14_000 * rough()),
    },
    routes: ROUTES.map(([route, share, ms]) => ({
      route,
      count: Math.round(total * share),
      errors: route === 'POST /api/v1/pastes' ? 318 : 0,
      bytesIn: Math.round(total * share * 200),
      bytesOut: Math.round(total * share * 14_000),
      p50Ms: ms,
      p90Ms: ms * 3,
      p99Ms: ms * 12,
      p999Ms: ms * 40,
      perSecond: known((index) => at(index) * share * rough()),
      seriesP50Ms: known((index) => slow(index, ms)),
      seriesP99Ms: known((index) => slow(index, ms * 12)),
    })),
    parts: PARTS.map(([part, share]) => ({
      part,
      msPerSecond: known((index) => slow(index, at(index) * 1.4 * share)),
      calls: Math.round(total * share * 3),
      p50Ms: 0.4,
      p99Ms: 9 * share,
      share,
    })),
    perReplica: names.map((name) => ({
      name,
      perSecond: known((index) => (at(index) / replicas) * rough()),
      errorsPerSecond: known(() => 0),
      p99Ms: known((index) => slow(index, 9)),
      cpuShare: known((index) => (at(index) / 2_200) * rough()),
      rssBytes: known(() => 170e6 * (0.95 + 0.1 * random())),
      heapBytes: known(() => 60e6 * rough()),
      loopDelayP99Ms: known((index) => slow(index, 2)),
      gcMsPerSecond: known(() => 12 * rough()),
      sockets: known((index) => Math.round((at(index) / 10) * rough())),
      poolWaitMsPerSecond: known((index) => (isBad(index) ? 400 * rough() : 2 * rough())),
    })),
    caches: [
      ['pastes', 0.91],
      ['frames', 0.78],
      ['redis', 0.6],
    ].map(([level, share]) => ({
      level: `${level}`,
      hitsPerSecond: known((index) => at(index) * Number(share) * rough()),
      missesPerSecond: known((index) => at(index) * (1 - Number(share)) * rough()),
      share: Number(share),
    })),
    sweeper: {
      sweptPerSecond: known(() => 2 * rough()),
      backlog: known((index) => (isBad(index) ? 900 : 12) * rough()),
      backlogAgeMs: known((index) => (isBad(index) ? 240_000 : 9_000) * rough()),
    },
  }
}

/** What there is to show in the first second of a service: nothing. */
export function emptyPerformance(range: Range): Performance {
  return {
    range,
    stepMs: 5_000,
    times: [],
    replicas: [],
    now: { requestsPerSecond: 0, errorShare: 0, p99Ms: null, saturated: null },
    requests: {
      perSecond: [],
      errorsPerSecond: [],
      refusedPerSecond: [],
      p50Ms: [],
      p90Ms: [],
      p99Ms: [],
      p999Ms: [],
      bytesInPerSecond: [],
      bytesOutPerSecond: [],
    },
    routes: [],
    parts: [],
    perReplica: [],
    caches: [],
    sweeper: { sweptPerSecond: [], backlog: [], backlogAgeMs: [] },
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
