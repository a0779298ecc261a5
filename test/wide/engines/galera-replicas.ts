import { afterAll, beforeAll } from 'vitest'
import { type Service, startService } from '../../blackbox/service.ts'
import { createBucket, type GaleraCluster, type S3Coordinates, startGalera } from '../../services/index.ts'
import { createGaleraDatabase, galeraUrl } from './galera-database.ts'

/** What a suite sees of them; all of it is there once its tests run. */
export type GaleraReplicas = {
  cluster: GaleraCluster
  /** The name of the replicas' database. */
  database: string
  urls: readonly [string, string]
}

const STARTS_WITHIN_MS = 150_000
/** Each replica prefers another node, so that writes to one row meet no earlier than between the nodes. */
const ORDERS = [
  [0, 1, 2],
  [1, 0, 2],
]

/** Starts, before the tests of this suite, two replicas on a Galera cluster; ends them after the last. */
export function useGaleraReplicas(s3: S3Coordinates): GaleraReplicas {
  const started: { cluster?: GaleraCluster; database: string; replicas: Service[] } = { database: '', replicas: [] }
  beforeAll(async () => {
    const cluster = await startGalera()
    started.cluster = cluster
    started.database = await createGaleraDatabase(cluster)
    const { environment } = await createBucket(s3)
    // Both migrate, at the same time and each at its own node.
    const settings = { ...environment, MIGRATE_AT_START: 'true' }
    started.replicas = await Promise.all(
      ORDERS.map((order) => startService({ ...settings, DATABASE_URL: galeraUrl(cluster, started.database, order) })),
    )
  }, STARTS_WITHIN_MS)
  afterAll(async () => {
    await Promise.all(started.replicas.map((replica) => replica.stop()))
    await started.cluster?.stop()
  })
  return {
    get cluster() {
      if (started.cluster === undefined) throw new Error('not started yet: ask for it inside a test')
      return started.cluster
    },
    get database() {
      return started.database
    },
    get urls(): [string, string] {
      return [started.replicas[0]?.url ?? '', started.replicas[1]?.url ?? '']
    },
  }
}
