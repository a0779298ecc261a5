import { describe, expect, test } from 'vitest'
import { serviceSuite } from '../blackbox/suite.ts'
import { TWO_SHARDS, whenService } from '../services/index.ts'
import { plansOf } from '../services/vitess-plans.ts'
import { expectOneWinner } from './engines/burn-race.ts'
import { ask } from './engines/vitess-database.ts'
import { ON_MARIADB, useVitessReplicas } from './engines/vitess-replicas.ts'

whenService(['mariadb', 's3'], ({ s3 }) => {
  describe('two replicas on Vitess with two shards', () => {
    const replicas = useVitessReplicas(s3, { gateFlags: ON_MARIADB })
    serviceSuite(() => ({ one: replicas.urls[0], other: replicas.urls[1] }))

    test('of 64 claims of one paste one wins, every time', async () => {
      for (let round = 0; round < 5; round++) await expectOneWinner(replicas.urls, 64)
    })

    test('every statement about one paste asks one shard alone', async () => {
      const plans = await plansOf(replicas.vitess)
      // Reads are written out by vtgate, the prepared writes are as the service sent them.
      const hot = plans.filter(({ statement }) => /\bwhere.*\b`?(slug|key_hash)`? = [:?]/.test(statement))
      expect(hot.length).toBeGreaterThan(10)
      expect(hot.filter(({ route }) => route !== 'EqualUnique')).toEqual([])
      const inserts = plans.filter(({ statement }) => /^insert into `?pastes\b/.test(statement))
      expect(inserts.length).toBeGreaterThan(0)
      for (const { runs, shardStatements } of inserts) expect(shardStatements).toBeLessThanOrEqual(runs)
    })

    test('each shard has its part of the pastes', async () => {
      for (const shard of TWO_SHARDS) {
        const [row] = await ask(replicas.vitess, 'select count(*) as pastes from pastes', shard)
        expect(row?.pastes).toBeGreaterThan(50)
      }
    })
  })
})
