import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ViewTables } from '../../src/analytics/views/tables.ts'
import type { Logger } from '../../src/core/index.ts'
import { createMysql, migrate } from '../../src/platform/database/index.ts'
import { useViews } from '../analytics/views/views-world.ts'
import { until } from '../blackbox/client.ts'
import { type ContractTables, databaseContract } from '../contracts/database.ts'
import { migrationContract } from '../contracts/migrations.ts'
import { rollUpContract } from '../contracts/roll-ups.ts'
import { viewsContract } from '../contracts/views.ts'
import { patiently } from '../patience.ts'
import { silentLogger } from '../platform/silent-logger.ts'
import { startVitess, type VitessCluster, whenService } from '../services/index.ts'
import { ask, openEmptyVitess } from './engines/vitess-database.ts'
import { ON_MARIADB, VITESS_STARTS_WITHIN_MS } from './engines/vitess-replicas.ts'

whenService('mariadb', () => {
  let vitess: VitessCluster
  beforeAll(async () => {
    vitess = await startVitess({ gateFlags: ON_MARIADB, tables: { notes: 'slug' } })
  }, VITESS_STARTS_WITHIN_MS)
  afterAll(() => vitess?.stop())

  describe('migrations', { timeout: patiently(120_000) }, () => {
    migrationContract('Vitess', () => openEmptyVitess<ContractTables>(vitess))

    test('name the table of which the VSchema does not know the shards', async () => {
      const database = await openEmptyVitess(vitess)
      const vschema = JSON.parse(await vitess.control('GetVSchema', 'paste'))
      const { paste_views: _views, ...tables } = vschema.tables
      await vitess.control('ApplyVSchema', `--vschema=${JSON.stringify({ ...vschema, tables })}`, 'paste')
      await until(
        () => ask(vitess, 'show vschema tables'),
        (rows) => rows.every((row) => row.Tables !== 'paste_views'),
      )
      await expect(migrate(database)).rejects.toThrow(/VSchema .* does not have paste_views: .* Run: vtctldclient/)
      await vitess.control('ApplyVSchema', `--vschema=${JSON.stringify(vschema)}`, 'paste')
      await until(
        () =>
          migrate(database).then(
            () => true,
            () => false,
          ),
        (is) => is,
      )
      await database.close()
    })

    test('warn of a shard whose servers lack the settings of the service', async () => {
      const warnings: object[] = []
      const logger: Logger = { ...silentLogger, warn: (fields) => warnings.push(fields) }
      const warned = async () => {
        const database = await createMysql({ url: vitess.url, logger, random: Math.random })
        await migrate(database).finally(() => database.close())
        return warnings.splice(0)
      }
      expect(await warned()).toEqual([])
      await vitess.tablets[1]?.execute('set global innodb_lock_wait_timeout = 50')
      expect(await warned()).toEqual([{ shard: '80-', variable: 'innodb_lock_wait_timeout', value: '50' }])
      await vitess.tablets[1]?.execute('set global innodb_lock_wait_timeout = 1')
    })
  })

  databaseContract('Vitess', () => openEmptyVitess<ContractTables>(vitess))
  rollUpContract('Vitess', () => openEmptyVitess(vitess))
  describe('views on Vitess', () => viewsContract(useViews(() => openEmptyVitess<ViewTables>(vitess))))
})
