import { type Service, startService } from '../blackbox/service.ts'
import {
  createBucket,
  createDatabase,
  freePort,
  type MariadbCoordinates,
  type NginxServer,
  type RedisCoordinates,
  type S3Coordinates,
  startNginx,
} from '../services/index.ts'
import { frontBlock } from './front.ts'

/** The servers that the replicas share. */
export type SharedServers = { mariadb: MariadbCoordinates; s3: S3Coordinates; redis: RedisCoordinates }

/** A replica; `directUrl` is where it listens itself, on the same port after every restart. */
export type Replica = Service & { directUrl: string }

/** Replicas of the service behind nginx. */
export type Cluster = {
  /** Where nginx listens, without a trailing slash. */
  url: string
  nginx: NginxServer
  replicas: readonly Replica[]
  /** What the replicas were told of the shared servers: enough for `npm run fsck`. */
  environment: Record<string, string>
  /** Ends nginx and the replicas, and drops their database. */
  stop(): Promise<void>
}

/**
 * Starts `count` replicas of `src/server.ts` on a database and bucket of their own, behind nginx with `config/nginx`.
 * `settings` are further variables of theirs. The first brings the schema up to date. Throws when one doesn't start.
 */
export async function startCluster(
  { mariadb, s3, redis }: SharedServers,
  count: number,
  settings: Record<string, string> = {},
): Promise<Cluster> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const database = await createDatabase(mariadb)
    stops.push(() => database.drop())
    const bucket = await createBucket(s3)
    const ports: number[] = []
    while (ports.length < count) ports.push(await freePort())
    const nginx = await startNginx(frontBlock(ports.map((port) => `127.0.0.1:${port}`)))
    stops.push(() => nginx.stop())
    const environment = { DATABASE_URL: database.url, REDIS_URL: redis.url, ...bucket.environment }
    const start = async (port: number, migrate: boolean): Promise<Replica> => {
      const service = await startService({
        ...environment,
        PORT: `${port}`,
        PUBLIC_URL: nginx.url,
        TRUSTED_PROXIES: '127.0.0.1',
        MIGRATE_AT_START: `${migrate}`,
        ...settings,
      })
      stops.push(() => service.stop())
      return Object.assign(service, { directUrl: `http://127.0.0.1:${port}` })
    }
    const [first = 0, ...others] = ports
    const replicas = [await start(first, true)]
    replicas.push(...(await Promise.all(others.map((port) => start(port, false)))))
    return { url: nginx.url, nginx, replicas, environment, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
