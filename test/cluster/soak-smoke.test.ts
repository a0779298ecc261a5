import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patiently } from '../patience.ts'
import { whenService } from '../services/index.ts'
import { describeViolation } from './harness/report.ts'
import { audit, soak } from './harness/run.ts'
import { type System, startSystem } from './harness/system.ts'

const REPLICAS = 3
const RUN = { durationMs: 14_000, ratePerSecond: 30, parts: ['replicas', 'database', 'redis', 's3'] } as const
const TIMEOUT_MS = patiently(120_000)

whenService(['mariadb', 's3', 'redis', 'nginx'], () => {
  describe('clients and faults by a seed, against three replicas: every promise holds', () => {
    let system: System | undefined
    beforeAll(async () => {
      system = await startSystem(REPLICAS)
    }, TIMEOUT_MS)
    afterAll(() => system?.stop(), TIMEOUT_MS)
    const running = () => {
      if (system === undefined) throw new Error('it did not start')
      return system
    }

    // One that is the same everywhere, and one that nobody has tried; a failure names its own.
    test.each([1, randomInt(2 ** 31)])(
      'while they run, and when all is well again: seed %i',
      async (seed) => {
        const { ledger, violations } = await soak(running(), { ...RUN, seed })
        expect(violations.map((violation) => describeViolation(violation, ledger))).toEqual([])
      },
      TIMEOUT_MS,
    )

    test(
      'and what they leave behind is what the rows say',
      async () => {
        expect(await audit(running())).toEqual([])
      },
      TIMEOUT_MS,
    )
  })
})
