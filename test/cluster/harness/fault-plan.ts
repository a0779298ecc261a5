import { createSeeded } from '../../blackbox/seeded.ts'
import type { Part } from './ledger.ts'

/** What each fault hurts: for how long (ms), how often, and whether it may hit the links of one replica alone. */
const FAULTS = {
  'kill -9 a replica': { part: 'replicas', ms: [200, 2_000], weight: 6, reach: 'one' },
  'freeze a replica': { part: 'replicas', ms: [500, 10_000], weight: 3, reach: 'one' },
  // Longer than any lease: what it had begun is somebody else's when it goes on.
  'freeze a replica past its leases': { part: 'replicas', ms: [61_000, 75_000], weight: 1, reach: 'one' },
  'restart the replicas in turn': { part: 'replicas', ms: [0, 0], weight: 1, reach: 'all' },
  'kill -9 MariaDB': { part: 'database', ms: [100, 2_000], weight: 3, reach: 'all' },
  'restart MariaDB': { part: 'database', ms: [0, 500], weight: 1, reach: 'all' },
  'database swallows': { part: 'database', ms: [500, 5_000], weight: 3, reach: 'either' },
  'database refuses': { part: 'database', ms: [300, 4_000], weight: 2, reach: 'either' },
  'database is slow': { part: 'database', ms: [1_000, 5_000], weight: 2, reach: 'either' },
  'database is silent': { part: 'database', ms: [500, 4_000], weight: 2, reach: 'either' },
  'database replies are lost': { part: 'database', ms: [1_000, 5_000], weight: 5, reach: 'either' },
  'database kills connections': { part: 'database', ms: [1_000, 4_000], weight: 4, reach: 'all' },
  'database resets': { part: 'database', ms: [0, 0], weight: 2, reach: 'either' },
  'kill -9 Redis': { part: 'redis', ms: [100, 3_000], weight: 2, reach: 'all' },
  'freeze Redis': { part: 'redis', ms: [300, 5_000], weight: 2, reach: 'all' },
  'flush Redis': { part: 'redis', ms: [0, 0], weight: 2, reach: 'all' },
  'Redis has odd values': { part: 'redis', ms: [500, 3_000], weight: 2, reach: 'all' },
  'Redis swallows': { part: 'redis', ms: [500, 5_000], weight: 2, reach: 'either' },
  'Redis refuses': { part: 'redis', ms: [300, 5_000], weight: 2, reach: 'either' },
  'Redis is slow': { part: 'redis', ms: [1_000, 5_000], weight: 2, reach: 'either' },
  'Redis resets': { part: 'redis', ms: [0, 0], weight: 1, reach: 'either' },
  'kill -9 S3': { part: 's3', ms: [100, 2_000], weight: 2, reach: 'all' },
  'freeze S3': { part: 's3', ms: [300, 5_000], weight: 2, reach: 'all' },
  'S3 swallows': { part: 's3', ms: [500, 5_000], weight: 2, reach: 'either' },
  'S3 refuses': { part: 's3', ms: [300, 4_000], weight: 2, reach: 'either' },
  'S3 is slow': { part: 's3', ms: [1_000, 5_000], weight: 1, reach: 'either' },
  'S3 is narrow': { part: 's3', ms: [1_000, 5_000], weight: 2, reach: 'either' },
  'S3 breaks off': { part: 's3', ms: [1_000, 5_000], weight: 2, reach: 'either' },
  'S3 cuts answers short': { part: 's3', ms: [1_000, 5_000], weight: 2, reach: 'either' },
  'S3 flips bytes': { part: 's3', ms: [1_000, 5_000], weight: 2, reach: 'either' },
  'S3 resets': { part: 's3', ms: [0, 0], weight: 1, reach: 'either' },
} as const satisfies Record<
  string,
  { part: Part; ms: readonly [least: number, most: number]; weight: number; reach: 'one' | 'all' | 'either' }
>

/** The name of a fault, as people read it. */
export type FaultName = keyof typeof FAULTS

/** A fault of the plan: when it begins and how long it lasts, in ms, and which replicas it is about. */
export type PlannedFault = { at: number; name: FaultName; part: Part; replicas: number[]; durationMs: number }

const FIRST_AT_MS = 1_500
const LONGEST_GAP_MS = 4_000
const OVERLAP_SHARE = 0.25

/**
 * When which fault is injected, the same for the same seed: one after the other with up to 4 s between them, a quarter
 * of them beginning before the last is over.
 */
export function planFaults(options: {
  seed: number
  durationMs: number
  replicas: number
  parts: readonly Part[]
}): PlannedFault[] {
  const random = createSeeded(options.seed ^ 0x5eed)
  const weights = Object.entries(FAULTS)
    .filter(([, { part }]) => options.parts.includes(part))
    .map(([name, { weight }]): [FaultName, number] => [name as FaultName, weight])
  const all = Array.from({ length: options.replicas }, (_, replica) => replica)
  const faults: PlannedFault[] = []
  if (weights.length === 0) return faults
  for (let at = FIRST_AT_MS; ; ) {
    const name = random.pick(weights)
    const { part, ms, reach } = FAULTS[name]
    // Short ones more often: they hit the moments at which something is half done.
    const durationMs = Math.round(ms[0] + (ms[1] - ms[0]) * random.next() ** 2)
    const one = reach === 'one' || (reach === 'either' && random.next() < 0.4)
    if (at + durationMs > options.durationMs) return faults
    faults.push({ at, name, part, replicas: one ? [random.below(options.replicas)] : all, durationMs })
    const share = random.next() < OVERLAP_SHARE ? random.next() : 1
    at += Math.round(durationMs * share + random.next() * LONGEST_GAP_MS * share)
  }
}
