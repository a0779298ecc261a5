import type { Run } from '../../../src/analytics/runs/schema.ts'

/** A run of the load lab that reads at 1,000/s, with such a p99 and whatever else is to differ. */
export function runOf({ p99Ms = 10, ...change }: Partial<Run> & { p99Ms?: number }): Run {
  const read = { operation: 'read', count: 10_000, errors: 0, bytes: 40_960_000, sketch: '' }
  return {
    version: 1,
    id: '20261123-031500-hot-read-0000',
    name: 'hot-read',
    startedAt: 1_795_400_000_000,
    endedAt: 1_795_400_010_000,
    profile: { name: 'hot-read', text: 'name: hot-read\n' },
    seed: 1,
    target: 'http://127.0.0.1:3000',
    void: null,
    machine: { cores: 2, cpu: 'a processor', memoryBytes: 2 ** 34, node: 'v26.10.0', os: 'Linux 6.1' },
    system: { version: '0.1.0', replicas: 1 },
    offered: { arrivals: 'poisson', perSecond: [1_000], seconds: 10 },
    steps: [
      {
        startedAt: 1_795_400_000_000,
        seconds: 10,
        offeredPerSecond: 1_000,
        achievedPerSecond: 1_000,
        errors: 0,
        errorsByCode: {},
        checkedBodies: 10_000,
        wrongBodies: 0,
        byOperation: [{ ...read, p50Ms: 1, p90Ms: 2, p99Ms, p999Ms: 2 * p99Ms, maxMs: 3 * p99Ms }],
        resources: [{ resource: 'replica 1 cpu', share: 0.4 }],
        lagP99Ms: 1,
      },
    ],
    knee: null,
    claims: [],
    recordings: null,
    ...change,
  }
}
