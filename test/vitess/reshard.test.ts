import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../blackbox/client.ts'
import type { Ledger } from '../cluster/harness/ledger.ts'
import { now } from '../cluster/harness/perform.ts'
import { describeViolation } from '../cluster/harness/report.ts'
import { audit, soak } from '../cluster/harness/run.ts'
import { type System, startSystem } from '../cluster/harness/system.ts'
import { patiently } from '../patience.ts'
import { startVitess, type VitessCluster, whenService } from '../services/index.ts'
import { KEYSPACE } from '../services/vitess.ts'
import { mysqlMysqlds } from '../services/vitess-mysql.ts'
import { ask } from '../wide/engines/vitess-database.ts'

const REPLICAS = 2
const RUN = { durationMs: 90_000, ratePerSecond: 20, parts: [] } as const
const FOUR_SHARDS = ['-40', '40-80', '80-c0', 'c0-']
const WORKFLOW = ['Reshard', '--workflow=split', `--target-keyspace=${KEYSPACE}`]
const COPIED_WITHIN_MS = 120_000

whenService(['mysql', 's3', 'redis', 'nginx'], () => {
  describe('two shards become four while clients run', { timeout: patiently(400_000) }, () => {
    let vitess: VitessCluster
    let system: System
    beforeAll(async () => {
      vitess = await startVitess({ startMysqld: mysqlMysqlds(), workflows: true })
      system = await startSystem(REPLICAS, {}, vitess)
    }, 240_000)
    afterAll(async () => {
      await system?.stop()
      await vitess?.stop()
    }, 60_000)

    test('every promise holds, and nothing acknowledged is lost', async () => {
      const seed = randomInt(2 ** 31)
      let ledger: Ledger | undefined
      const running = soak(system, { ...RUN, seed }, (begun) => {
        ledger = begun
      })
      for (const shard of FOUR_SHARDS) await vitess.addShard(shard)
      await split()
      const switching = { name: 'traffic switched', part: 'database', replicas: [0, 1], startedAt: now() } as const
      const fault = { ...switching, replicas: [...switching.replicas], endedAt: Number.POSITIVE_INFINITY }
      ledger?.faults.push(fault)
      await vitess.control(...WORKFLOW, 'SwitchTraffic')
      await vitess.served(FOUR_SHARDS)
      fault.endedAt = now()
      const { ledger: all, violations } = await running
      const acknowledged = all.operations.filter(({ outcome }) => outcome === 'ok').length
      const refused = all.operations.filter(({ status }) => status !== null && status >= 500)
      process.stdout.write(
        `seed ${seed}: ${acknowledged} acknowledged, ${refused.length} refused (${refused.map(({ code }) => code).join(', ')}), ` +
          `${violations.length} violations, traffic switched in ${Math.round(fault.endedAt - fault.startedAt)} ms\n`,
      )
      expect(violations.map((violation) => describeViolation(violation, all))).toEqual([])
      for (const shard of FOUR_SHARDS) {
        const [row] = await ask(vitess, 'select count(*) as pastes from pastes', shard)
        expect(row?.pastes).toBeGreaterThan(0)
      }
      await vitess.control(...WORKFLOW, 'Complete')
    })

    test('and what they leave behind is what the rows say', async () => {
      expect(await audit(system)).toEqual([])
    })

    /** Copies both shards into their halves, and waits until those follow. */
    async function split(): Promise<void> {
      const shards = ['--source-shards=-80,80-', `--target-shards=${FOUR_SHARDS.join(',')}`, '--tablet-types=primary']
      const create = (...flags: string[]) => vitess.control(...WORKFLOW, 'create', ...shards, ...flags)
      // The recipe's own words: the tables are copied, and then two of them look different.
      await create().catch((error) => {
        if (!/schemas differ on table kysely_/.test(`${error}`)) throw error
        return create('--skip-schema-copy')
      })
      await until(
        async () => JSON.parse(await vitess.control(...WORKFLOW, '--format=json', 'status')),
        ({ table_copy_state, shard_streams }) =>
          Object.keys(table_copy_state ?? {}).length === 0 &&
          JSON.stringify(shard_streams).match(/"Running"/g)?.length === 4,
        COPIED_WITHIN_MS,
      )
    }
  })
})
