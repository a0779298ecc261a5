import { cpus } from 'node:os'
import { startService } from '../blackbox/service.ts'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { childrenOf, pin, SERVER_CORE } from '../load/machine.ts'
import { startCeph } from '../services/ceph.ts'
import {
  freePort,
  type RedisServer,
  type SqlServer,
  startMariadb,
  startRedis,
  startS3Faults,
} from '../services/index.ts'
import type { System, Watched } from './system.ts'

/** The service's own defaults where tests have others, but for limits on one client: the generator is one. */
const DEFAULTS = { LOG_LEVEL: 'error', SWEEP_SCHEDULE: '', NODE_OPTIONS: '--max-semi-space-size=4 --v8-pool-size=1' }

/**
 * Starts one embedded replica with a temporary folder, alone on a core when there are several. `settings` are further
 * variables of it.
 */
export async function startEmbedded(settings: Record<string, string>): Promise<System> {
  const port = await freePort()
  const service = await startService({ ...DEFAULTS, ...settings, PORT: `${port}` })
  const isPinned = cpus().length > 1
  const pinned = () => {
    if (isPinned) pin(service.pid, SERVER_CORE)
  }
  pinned()
  return {
    url: service.url,
    name: named(`one embedded replica${isPinned ? ` on core ${SERVER_CORE}` : ''}`, settings),
    replicas: [{ url: service.url }],
    watched: [{ resource: 'replica 1 cpu', pids: () => [service.pid], oneThread: true }],
    isLocal: true,
    adminToken: settings.ADMIN_TOKEN,
    async restart() {
      await service.kill('SIGTERM')
      await service.restart()
      pinned()
    },
    stop: () => service.stop(),
  }
}

/** Servers that clusters share: to be started once for all of them. */
export type Servers = { mariadb: SqlServer; redis: RedisServer; ceph: Awaited<ReturnType<typeof startCeph>> } & {
  stop(): Promise<void>
}

/** Starts MariaDB, Redis and Ceph. */
export async function startServers(): Promise<Servers> {
  const started = await Promise.allSettled([startMariadb(), startRedis(), startCeph()])
  const stop = async () => {
    for (const result of started) if (result.status === 'fulfilled') await result.value.stop()
  }
  const [mariadb, redis, ceph] = started
  if (mariadb.status === 'fulfilled' && redis.status === 'fulfilled' && ceph.status === 'fulfilled')
    return { mariadb: mariadb.value, redis: redis.value, ceph: ceph.value, stop }
  await stop()
  throw started.find((result) => result.status === 'rejected')?.reason
}

/**
 * Starts replicas behind nginx on a database and bucket of their own; they and all servers share every core. With
 * `countsReads` a proxy in this process counts what they read from the store.
 */
export async function startReplicas(
  servers: Servers,
  count: number,
  settings: Record<string, string>,
  countsReads = false,
): Promise<System> {
  const { mariadb, redis, ceph } = servers
  const counted = countsReads ? await startS3Faults(ceph) : undefined
  const cluster = await startCluster({ sql: mariadb, redis, s3: counted ?? ceph }, count, { ...DEFAULTS, ...settings })
  return {
    url: cluster.url,
    name: named(`${count} replicas behind nginx, MariaDB, Ceph's S3, Redis`, settings),
    replicas: cluster.replicas.map(({ directUrl }) => ({ url: directUrl })),
    watched: watchedOf(cluster, servers),
    isLocal: true,
    adminToken: settings.ADMIN_TOKEN,
    async restart() {
      for (const replica of cluster.replicas) {
        await replica.kill('SIGTERM')
        await replica.restart()
      }
    },
    ...(counted && {
      storeReads: () => counted.calls.filter(({ operation }) => operation === 'GetObject').length,
    }),
    async stop() {
      await cluster.stop()
      await counted?.stop()
    },
  }
}

function watchedOf({ replicas, nginx }: Cluster, { mariadb, redis, ceph }: Servers): Watched[] {
  return [
    ...replicas.map((replica, index) => ({
      resource: `replica ${index + 1} cpu`,
      pids: () => [replica.pid],
      oneThread: true,
    })),
    { resource: 'nginx cpu', pids: () => childrenOf(nginx.pid), oneThread: true },
    { resource: 'mariadb cpu', pids: () => [mariadb.pid], oneThread: false },
    { resource: 'redis cpu', pids: () => [redis.pid], oneThread: true },
    { resource: 'ceph gateway cpu', pids: () => [ceph.pid], oneThread: false },
    { resource: 'ceph storage cpu', pids: () => [ceph.storage.pid], oneThread: false },
  ]
}

function named(what: string, settings: Record<string, string>): string {
  const shown = Object.entries(settings).filter(([name]) => !name.includes('TOKEN'))
  const told = shown.map(([name, value]) => `${name}=${value}`).join(' ')
  return told ? `${what}; ${told}` : what
}
