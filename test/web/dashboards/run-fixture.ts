import type { Run } from '../../../src/analytics/index.ts'
import { performanceFixture } from './performance-fixture.ts'

const RATES = [250, 500, 1_000, 2_000, 4_000]
const STARTED_AT = Date.UTC(2026, 10, 23, 9)

/**
 * A run that bears 2,000 requests per second; `speed` 2 halves its times. Repetitions differ by their `seed`, and began
 * an hour after one another.
 */
export function runFixture({ name = 'before', seed = 1, speed = 1, isVoid = false } = {}): Run {
  const wobble = (step: number) => 1 + (((seed * 7 + step * 3) % 5) - 2) / 100
  return {
    version: 1,
    id: `20261123-zipf-${name}-${seed}`,
    name,
    startedAt: STARTED_AT + seed * 3_600_000,
    endedAt: STARTED_AT + seed * 3_600_000 + 120_000,
    profile: { name: 'zipf', text: 'name: zipf\nrates: [250, 500, 1000, 2000, 4000]\n' },
    seed,
    target: 'three replicas on MariaDB, S3 and Redis',
    void: isVoid ? 'the generator lagged by 240 ms' : null,
    machine: { cores: 2, cpu: 'a processor', memoryBytes: 24 * 2 ** 30, node: '26.10.0', os: 'Linux 6.1' },
    system: { version: '0.1.0', replicas: 3 },
    offered: { arrivals: 'poisson', perSecond: RATES, seconds: 20 },
    steps: RATES.map((rate, step) => {
      const borne = Math.min(rate, 2_100 * speed)
      const slow = (rate > borne ? 40 : 1 + rate / 2_000) * wobble(step)
      const operation = (kind: string, share: number, ms: number) => ({
        operation: kind,
        count: Math.round(rate * 20 * share),
        errors: rate > borne && kind === 'read' ? 12 : 0,
        p50Ms: (ms * slow) / speed,
        p90Ms: (ms * 3 * slow) / speed,
        p99Ms: (ms * 9 * slow) / speed,
        p999Ms: (ms * 30 * slow) / speed,
        maxMs: (ms * 50 * slow) / speed,
        bytes: Math.round(rate * share * 20 * 4_096),
        sketch: 'AAAA',
      })
      return {
        startedAt: STARTED_AT + step * 20_000,
        seconds: 20,
        offeredPerSecond: rate,
        achievedPerSecond: borne * (2 - wobble(step)),
        errors: rate > borne ? 12 : 0,
        errorsByCode: rate > borne ? { overloaded: 12 } : {},
        checkedBodies: rate * 19,
        wrongBodies: 0,
        byOperation: [operation('read', 0.9, 0.6), operation('create', 0.08, 4), operation('delete', 0.02, 6)],
        resources: [
          { resource: 'mariadb cpu', share: Math.min(1, rate / 2_000) },
          { resource: 'replica 1 cpu', share: Math.min(0.9, rate / 3_000) },
          { resource: 'replica 2 cpu', share: Math.min(0.88, rate / 3_000) },
          { resource: 'generator cpu', share: Math.min(0.5, rate / 6_000) },
        ],
        lagP99Ms: 0.4,
      }
    }),
    knee: { perSecond: 2_000, saturated: 'mariadb cpu' },
    claims: [
      { claim: 'Every body was the one that was posted.', holds: true },
      { claim: 'No answer took longer than 10 s.', holds: seed % 2 === 1 },
    ],
    recordings: performanceFixture('1h'),
  }
}
