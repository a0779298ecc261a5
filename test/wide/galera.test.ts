import { describe, expect, test } from 'vitest'
import { type Created, json, postRaw, until } from '../blackbox/client.ts'
import { serviceSuite } from '../blackbox/suite.ts'
import { ask } from '../engines/galera-database.ts'
import { useGaleraReplicas } from '../engines/galera-replicas.ts'
import { whenService } from '../services/index.ts'

const REJOINS_WITHIN_MS = 60_000

whenService(['galera', 's3'], ({ s3 }) => {
  describe('two replicas on Galera, each at another node', () => {
    const replicas = useGaleraReplicas(s3)
    serviceSuite(() => ({ one: replicas.urls[0], other: replicas.urls[1] }))

    test(
      'a node that was killed and comes back has everything',
      async () => {
        const { cluster, database } = replicas
        await cluster.nodes[0]?.kill()
        const made = await until(
          () => postRaw(replicas.urls[0], 'made meanwhile'),
          ({ status }) => status === 201,
        )
        await cluster.nodes[0]?.restart()
        const query = `select count(*) as found from ${database}.pastes where slug = '${json<Created>(made).slug}'`
        expect(await ask(cluster, 0, query)).toEqual([{ found: 1 }])
      },
      REJOINS_WITHIN_MS,
    )
  })
})
