import { migrate } from '../../../src/platform/index.ts'
import { loadConfig } from '../../../src/settings/config.ts'
import { openDatabase } from '../../../src/wiring/backends.ts'
import { type Service, startService } from '../../blackbox/service.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { startCeph } from '../../services/ceph.ts'
import {
  type CephServer,
  createBucket,
  createDatabase,
  type FaultProxy,
  freePort,
  type RedisServer,
  type SqlServer,
  startFaultProxy,
  startMariadb,
  startNginx,
  startRedis,
} from '../../services/index.ts'
import { frontBlock } from '../front.ts'
import type { Part } from './ledger.ts'

/** One replica, and the ways to its backends, each through a fault proxy of its own. */
export type HurtReplica = { service: Service; url: string; links: Record<Exclude<Part, 'replicas'>, FaultProxy> }

/** The whole service, every part of which can be hurt. */
export type System = {
  /** Nginx, without a slash at the end. */
  url: string
  replicas: readonly HurtReplica[]
  /** Absent where the database is given. */
  mariadb: SqlServer | undefined
  redis: RedisServer
  ceph: CephServer
  bucket: string
  /** The backends themselves, past all proxies: for audits. */
  environment: Record<string, string>
  /** Ends everything; replicas get SIGTERM. */
  stop(): Promise<void>
}

/**
 * Starts servers of its own, a proxy for each way between them and a replica, the replicas, and nginx. `given` is an
 * empty database in place of one of its own.
 */
export async function startSystem(
  count: number,
  settings: Record<string, string> = {},
  given?: { url: string; port: number },
): Promise<System> {
  const stops: (() => Promise<unknown>)[] = []
  const keep = async <Server extends { stop(): Promise<unknown> }>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting
    stops.push(() => server.stop())
    return server
  }
  const replicas: HurtReplica[] = []
  const stop = async () => {
    await Promise.all(replicas.map(({ service }) => service.stop()))
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const [redis, ceph] = await Promise.all([keep(startRedis()), keep(startCeph())])
    const mariadb = given ? undefined : await keep(startMariadb())
    const database = mariadb ? { ...(await createDatabase(mariadb)), port: mariadb.port } : there(given)
    const bucket = await createBucket(ceph)
    const environment = { DATABASE_URL: database.url, REDIS_URL: redis.url, ...bucket.environment }
    await bringUpToDate(environment)
    const ports: number[] = []
    while (ports.length < count) ports.push(await freePort())
    const nginx = await keep(startNginx(frontBlock(ports.map((port) => `127.0.0.1:${port}`))))
    const startReplica = async (port: number) => {
      const through = (target: number) => keep(startFaultProxy(target))
      const links = {
        database: await through(database.port),
        redis: await through(redis.port),
        s3: await through(ceph.port),
      }
      const service = await startService({
        ...environment,
        DATABASE_URL: moved(database.url, links.database.port),
        REDIS_URL: moved(redis.url, links.redis.port),
        S3_ENDPOINT: moved(ceph.endpoint, links.s3.port),
        PORT: `${port}`,
        PUBLIC_URL: nginx.url,
        TRUSTED_PROXIES: '127.0.0.1',
        ...settings,
      })
      replicas.push({ service, url: `http://127.0.0.1:${port}`, links })
    }
    // All of them come to an end before one's failure ends the others.
    const started = await Promise.allSettled(ports.map(startReplica))
    for (const result of started) if (result.status === 'rejected') throw result.reason
    return { url: nginx.url, replicas, mariadb, redis, ceph, bucket: bucket.name, environment, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function bringUpToDate(environment: Record<string, string>): Promise<void> {
  const { database } = await openDatabase(loadConfig(environment), silentLogger)
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
}

function moved(address: string, port: number): string {
  const url = new URL(address)
  url.port = `${port}`
  // The service wants an address without a path where there is none.
  return url.pathname === '/' ? url.origin : url.href
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('there is no database')
  return thing
}
