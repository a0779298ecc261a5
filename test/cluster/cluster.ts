import { until } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import {
  createBucket,
  createDatabase,
  type DnsServer,
  type NginxServer,
  type RedisCoordinates,
  type S3Coordinates,
  type SqlCoordinates,
  startNginx,
} from '../services/index.ts'
import { type FrontChoices, frontBlock } from './front.ts'
import { byName, registrationAt, untilNamed } from './names.ts'
import { hostAndPort, type Place, placesOnOneHost, placesOnOnePort } from './places.ts'

/** The servers that the replicas share. */
export type SharedServers = { sql: SqlCoordinates; s3: S3Coordinates; redis: RedisCoordinates }

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
  /** Everything that they were told but where to listen. */
  told: Record<string, string>
  /** Starts one more. It gets requests where nginx follows names. */
  add(): Promise<Replica>
  /** Ends nginx and the replicas, and drops their database. */
  stop(): Promise<void>
}

/** How nginx finds the replicas and what it does beside. */
export type ClusterOptions = {
  /** The replicas put themselves there, and nginx follows. Absent: nginx has a list of those of the beginning. */
  names?: DnsServer
  /** Whether nginx is 1.27.3 or later and keeps its connections while it follows them. */
  keep?: boolean
  front?: FrontChoices
  /** An empty database in place of one that is made on the shared server. */
  database?: { url: string }
}

/**
 * Starts `count` replicas of `src/server.ts` on a database and bucket of their own, behind nginx with `config/nginx`.
 * `settings` are further variables of theirs. The first brings the schema up to date. Throws when one doesn't start.
 */
export async function startCluster(
  { sql, s3, redis }: SharedServers,
  count: number,
  settings: Record<string, string> = {},
  { names, keep, front, database: given }: ClusterOptions = {},
): Promise<Cluster> {
  const stops: (() => Promise<unknown>)[] = []
  const replicas: Replica[] = []
  const stop = async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()))
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const made = given ? undefined : await createDatabase(sql)
    if (made) stops.push(() => made.drop())
    const databaseUrl = `${(given ?? made)?.url}`
    const bucket = await createBucket(s3)
    const nextPlace = names ? await placesOnOnePort() : placesOnOneHost
    const places: Place[] = []
    while (places.length < count) places.push(await nextPlace())
    const nginx = await startNginx(frontBlock(names ? byName(names, places, keep) : places.map(hostAndPort), front))
    stops.push(() => nginx.stop())
    const environment = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...bucket.environment }
    const told = {
      ...environment,
      PUBLIC_URL: nginx.url,
      TRUSTED_PROXIES: '127.0.0.1',
      ...(names && registrationAt(names)),
      ...settings,
    }
    const start = async (place: Place, migrate: boolean): Promise<Replica> => {
      const at = { HOST: place.host, PORT: `${place.port}` }
      const service = await startService({ MIGRATE_AT_START: `${migrate}`, ...told, ...at })
      return Object.assign(service, { directUrl: `http://${hostAndPort(place)}` })
    }
    const [first, ...others] = places
    if (first) replicas.push(await start(first, true))
    replicas.push(...(await Promise.all(others.map((place) => start(place, false)))))
    if (names) await untilNamed(names, replicas.length)
    // An nginx that found no address at its start asks the DNS again some seconds later.
    await until(
      async () => (await fetch(`${nginx.url}/api/v1/limits`)).status,
      (status) => status === 200,
    )
    const add = async () => {
      const replica = await start(await nextPlace(), false)
      replicas.push(replica)
      return replica
    }
    return { url: nginx.url, nginx, replicas, environment, told, add, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
