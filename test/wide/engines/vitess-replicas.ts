import { afterAll, beforeAll } from 'vitest'
import { type Service, startService } from '../../blackbox/service.ts'
import {
  createBucket,
  type S3Coordinates,
  startVitess,
  type VitessCluster,
  type VitessOptions,
} from '../../services/index.ts'
import { migrateVitess } from './vitess-database.ts'

/** What a suite sees of them; all of it is there once its tests run. */
export type VitessReplicas = {
  vitess: VitessCluster
  replicas: readonly Service[]
  urls: readonly [string, string]
  /** Starts another replica, which the suite ends with the others. */
  another(): Promise<Service>
}

/** For a hook that starts all of it: six servers, the migrations and a service, on a busy machine. */
export const VITESS_STARTS_WITHIN_MS = 180_000

/** MariaDB, which is under the tablets, lacks a variable that vtgate would ask it about. */
export const ON_MARIADB = ['--enable-system-settings=false']

/** Starts, before the tests of this suite, two replicas on a sharded cluster; ends them after the last. */
export function useVitessReplicas(
  s3: S3Coordinates,
  options: VitessOptions,
  settings: Record<string, string> = {},
): VitessReplicas {
  const started: { vitess?: VitessCluster; replicas: Service[] } = { replicas: [] }
  let environment: Record<string, string> = {}
  const another = async () => {
    const replica = await startService(environment)
    started.replicas.push(replica)
    return replica
  }
  beforeAll(async () => {
    const vitess = await startVitess(options)
    started.vitess = vitess
    await migrateVitess(vitess)
    const bucket = await createBucket(s3)
    environment = { DATABASE_URL: vitess.url, MIGRATE_AT_START: 'false', ...bucket.environment, ...settings }
    await Promise.all([another(), another()])
  }, VITESS_STARTS_WITHIN_MS)
  afterAll(async () => {
    await Promise.all(started.replicas.map((replica) => replica.stop()))
    await started.vitess?.stop()
  })
  return {
    another,
    replicas: started.replicas,
    get vitess() {
      if (started.vitess === undefined) throw new Error('not started yet: ask for it inside a test')
      return started.vitess
    },
    get urls(): [string, string] {
      return [started.replicas[0]?.url ?? '', started.replicas[1]?.url ?? '']
    },
  }
}
