import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { postRaw, until } from '../../blackbox/client.ts'
import { type Service, startService } from '../../blackbox/service.ts'
import { patiently } from '../../patience.ts'
import { createBucket, createDatabase, whenService } from '../../services/index.ts'
import { createBodies } from './bodies.ts'
import { violationsOf } from './checks/index.ts'
import { drive } from './drive.ts'
import { createClient } from './exchange.ts'
import type { Ledger } from './ledger.ts'
import { MUTATION_VARIABLE, type MutationName } from './mutations.ts'
import { makePlan, type PlanOptions } from './plan.ts'

const MUTATE = fileURLToPath(new URL('mutate.ts', import.meta.url))
const PLAN = { seed: 1, ratePerSecond: 25 }
const TIMEOUT_MS = patiently(60_000)
/** A machine that is held up carries the plan out too late to meet the broken promise. */
const MOST_RUNS = 3

whenService(['sql', 's3'], ({ sql, s3 }) => {
  /** Runs clients against a broken build, without any fault, and gives the names of the promises that were broken. */
  async function brokenPromises(mutation: MutationName, options: Omit<PlanOptions, keyof typeof PLAN>) {
    const database = await createDatabase(sql)
    const bucket = await createBucket(s3)
    const settings = {
      DATABASE_URL: database.url,
      MIGRATE_AT_START: 'true',
      ...bucket.environment,
      NODE_OPTIONS: `--import=${MUTATE}`,
      [MUTATION_VARIABLE]: mutation,
    }
    const services: Service[] = []
    const client = createClient()
    try {
      for (let replica = 0; replica < options.replicas; replica++) services.push(await startService(settings))
      const ledger: Ledger = { operations: [], faults: [], mishaps: [] }
      const base = (via: 'front' | number) => services[via === 'front' ? 0 : via]?.url ?? ''
      const world = { client, bodies: createBodies(), ledger, base, replicas: options.replicas, pastes: new Map() }
      // The first request of a process loads code: it would be late for what follows.
      for (const { url } of services)
        await until(
          () => postRaw(url, 'warm'),
          ({ status }) => status === 201,
        )
      await drive(world, makePlan({ ...PLAN, ...options }))
      return new Set(violationsOf(ledger).map(({ check }) => check))
    } finally {
      client.close()
      await Promise.all(services.map((service) => service.kill('SIGKILL').then(() => service.stop())))
      await database.drop()
    }
  }

  describe.concurrent('a broken build is told from a good one', () => {
    test.each<[MutationName, durationMs: number, replicas: number, check: string, PlanOptions['scenes']]>([
      ['a claim that believes it has won', 3_500, 1, 'claims', [['burn', 1]]],
      ['an expiry that is left to the sweeper', 8_000, 1, 'expired', [['makeShortLived', 1]]],
      ['an acknowledgement before the object is stored', 2_000, 1, 'statuses', [['make', 1]]],
      [
        'a memory that trusts itself for a minute',
        9_000,
        2,
        'deleted',
        [
          ['make', 3],
          ['remove', 1],
        ],
      ],
    ])(
      '%s',
      async (mutation, durationMs, replicas, check, scenes) => {
        let broken = new Set<string>()
        for (let run = 0; run < MOST_RUNS && !broken.has(check); run++)
          broken = await brokenPromises(mutation, { durationMs, replicas, scenes })
        expect(broken).toContain(check)
      },
      TIMEOUT_MS,
    )
  })
})
