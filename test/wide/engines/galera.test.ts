import { describe, expect, test } from 'vitest'
import { createMysql } from '../../../src/platform/database/index.ts'
import { connect, useViews } from '../../analytics/views/views-world.ts'
import { send, until } from '../../blackbox/client.ts'
import { type ContractTables, databaseContract } from '../../contracts/database.ts'
import { rollUpContract } from '../../contracts/roll-ups.ts'
import { viewsContract } from '../../contracts/views.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { whenService } from '../../services/index.ts'
import { expectOneWinner } from './burn-race.ts'
import { createGaleraDatabase, galeraUrl } from './galera-database.ts'
import { useGaleraReplicas } from './galera-replicas.ts'
import { startLoad } from './load.ts'

/** What the nodes take to give one up, with `config/galera`, and requests to notice; with room for a busy machine. */
const FAILS_AT_MOST_MS = 15_000

whenService(['galera', 's3'], ({ s3 }) => {
  const replicas = useGaleraReplicas(s3)

  databaseContract('Galera', async () =>
    createMysql<ContractTables>({
      url: galeraUrl(replicas.cluster, await createGaleraDatabase(replicas.cluster)),
      logger: silentLogger,
      random: Math.random,
    }),
  )

  rollUpContract('Galera', async () =>
    createMysql({
      url: galeraUrl(replicas.cluster, await createGaleraDatabase(replicas.cluster)),
      logger: silentLogger,
      random: Math.random,
    }),
  )

  describe('views on Galera', () =>
    viewsContract(
      useViews(async () => connect(galeraUrl(replicas.cluster, await createGaleraDatabase(replicas.cluster)))),
    ))

  describe('two replicas on Galera, each at another node', () => {
    test('of 64 claims of one paste one wins, every time', async () => {
      for (let round = 0; round < 5; round++) await expectOneWinner(replicas.urls, 64)
    })

    test('a node killed under load: nothing acknowledged is lost, and requests go on', async () => {
      const load = startLoad(replicas.urls, 8)
      const made = (count: number) =>
        until(
          async () => load.acknowledged.length,
          (length) => length >= count,
          FAILS_AT_MOST_MS,
        )
      await made(100)
      const killedAt = performance.now()
      await replicas.cluster.nodes[0]?.kill()
      await made(load.acknowledged.length + 300)
      await load.stop()
      for (const { what, retryAfter, at } of load.failures) {
        expect(what).toMatch(/^\w+ 503 (database_unavailable|commit_unknown|overloaded)$/)
        expect(retryAfter).toBe(true)
        expect(at - killedAt).toBeLessThan(FAILS_AT_MOST_MS)
      }
      for (const slug of load.acknowledged)
        for (const url of replicas.urls) expect((await send(`${url}/raw/${slug}`)).bytes.toString()).toBe(slug)
    }, 60_000)
  })
})
