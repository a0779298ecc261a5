import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { startCeph } from '../../services/ceph.ts'
import {
  type RedisServer,
  type S3Faults,
  type SqlServer,
  startMariadb,
  startRedis,
  startS3Faults,
} from '../../services/index.ts'

/** Replicas behind nginx on servers of their own, all over both cores; ended at the end of the scope that uses it. */
export type LoadedCluster = Cluster & {
  mariadb: SqlServer
  redis: RedisServer
  /** Between the replicas and the store only when calls are counted: it runs in this process and costs time. */
  s3Calls: S3Faults['calls'] | undefined
} & AsyncDisposable

/** Settings under which nothing but requests asks the backends for anything. */
export const NO_BACKGROUND = { SWEEP_SCHEDULE: '0 0 1 1 *' }

/** Starts `count` replicas without limits on one client; with `countS3Calls` their calls to the store are listed. */
export async function startLoadedCluster(
  count: number,
  options: { countS3Calls?: boolean; settings?: Record<string, string> } = {},
): Promise<LoadedCluster> {
  const stops: (() => Promise<unknown>)[] = []
  const end = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  const keep = async <Server extends { stop(): Promise<unknown> }>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting
    stops.push(() => server.stop())
    return server
  }
  try {
    const [mariadb, ceph, redis] = await Promise.all([keep(startMariadb()), keep(startCeph()), keep(startRedis())])
    const counted = options.countS3Calls ? await keep(startS3Faults(ceph)) : undefined
    const servers = { sql: mariadb, s3: counted ?? ceph, redis }
    const settings = { LOG_LEVEL: 'error', ...options.settings }
    const cluster = await keep(startCluster(servers, count, settings))
    return { ...cluster, mariadb, redis, s3Calls: counted?.calls, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}
