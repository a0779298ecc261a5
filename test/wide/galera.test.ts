import { describe, expect, test } from 'vitest'
import { createMysql } from '../../src/platform/database/index.ts'
import { type Created, json, postRaw, send, until } from '../blackbox/client.ts'
import { serviceSuite } from '../blackbox/suite.ts'
import type { ContractTables } from '../contracts/database.ts'
import { migrationContract } from '../contracts/migrations.ts'
import { silentLogger } from '../platform/silent-logger.ts'
import { whenService } from '../services/index.ts'
import { ask, createGaleraDatabase, galeraUrl } from './engines/galera-database.ts'
import { useGaleraReplicas } from './engines/galera-replicas.ts'

const LEFT_WITHIN_MS = 15_000
const REJOINS_WITHIN_MS = 60_000

whenService(['galera', 's3'], ({ s3 }) => {
  const replicas = useGaleraReplicas(s3)

  migrationContract('Galera', async () =>
    createMysql<ContractTables>({
      url: galeraUrl(replicas.cluster, await createGaleraDatabase(replicas.cluster)),
      logger: silentLogger,
      random: Math.random,
    }),
  )

  describe('two replicas on Galera, each at another node', () => {
    serviceSuite(() => ({ one: replicas.urls[0], other: replicas.urls[1] }))

    const status = async (name: string) => JSON.stringify(await ask(replicas.cluster, 0, `show status like '${name}'`))
    const makePaste = () =>
      until(
        () => postRaw(replicas.urls[0], 'made meanwhile'),
        (answer) => answer.status === 201,
        LEFT_WITHIN_MS,
      )

    test(
      'a node that has lost the others is left for one that has not',
      async () => {
        const isolate = (on: number) =>
          ask(replicas.cluster, 0, `set global wsrep_provider_options = 'gmcast.isolate=${on}'`)
        await isolate(1)
        try {
          await until(
            () => status('wsrep_cluster_status'),
            (state) => state.includes('non-Primary'),
            LEFT_WITHIN_MS,
          )
          const { slug } = json<Created>(await makePaste())
          expect((await send(`${replicas.urls[1]}/raw/${slug}`)).bytes.toString()).toBe('made meanwhile')
        } finally {
          await isolate(0)
          await until(
            () => status('wsrep_local_state_comment'),
            (state) => state.includes('Synced'),
            REJOINS_WITHIN_MS,
          )
        }
      },
      REJOINS_WITHIN_MS,
    )

    test(
      'a node that was killed and comes back has everything',
      async () => {
        const { cluster, database } = replicas
        await cluster.nodes[0]?.kill()
        const { slug } = json<Created>(await makePaste())
        await cluster.nodes[0]?.restart()
        const query = `select count(*) as found from ${database}.pastes where slug = '${slug}'`
        expect(await ask(cluster, 0, query)).toEqual([{ found: 1 }])
      },
      REJOINS_WITHIN_MS,
    )
  })
})
