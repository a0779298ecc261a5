// `npm run cluster`, `npm run cluster -- --replicas 5`: the service as it runs for the world, on this machine: MariaDB,
// Ceph's S3, Redis, replicas, nginx. Everything lies in temporary folders and ends with Ctrl-C.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import type { ServiceName } from '../services/catalogue.ts'
import { startCeph } from '../services/ceph.ts'
import { startMariadb, startRedis } from '../services/index.ts'
import { installServices } from '../services/install.ts'
import { type Cluster, type SharedServers, startCluster } from './cluster.ts'

const NEEDED: readonly ServiceName[] = ['mariadb', 's3', 'redis', 'nginx']
const MOST_REPLICAS = 32

/** What a replica is told beside where things are: the service's own defaults, not those of tests. */
const DEFAULTS = { RATE_LIMIT_CREATE: '', RATE_LIMIT_MISS: '', MIN_EXPIRY: '', SWEEP_SCHEDULE: '' }

const { values } = parseArgs({ options: { replicas: { type: 'string', default: '3' } } })
const count = Number(values.replicas)
if (!Number.isInteger(count) || count < 1 || count > MOST_REPLICAS) fail(`--replicas wants 1 to ${MOST_REPLICAS}`)

const missing = installServices()
for (const name of NEEDED) {
  const lack = missing[name]
  if (lack) fail(`${name}: ${lack.why}; ${lack.remedy}`)
}

const stops: (() => Promise<void>)[] = []
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
try {
  const [mariadb, s3, redis] = await Promise.all([
    keep('MariaDB', startMariadb()),
    keep('Ceph', startCeph()),
    keep('Redis', startRedis()),
  ])
  const cluster = await keep(`${count} replicas and nginx`, startCluster({ mariadb, s3, redis }, count, DEFAULTS))
  process.stdout.write(await status(cluster, { mariadb, s3, redis }))
  await interrupted
  process.stdout.write('\nstopping …\n')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
for (const stop of stops.reverse()) await stop().catch((error) => process.stderr.write(`${error}\n`))
process.exit()

/** Waits for a server, says that it is up, and remembers to stop it. */
async function keep<Server extends { stop(): Promise<void> }>(
  name: string,
  starting: Promise<Server>,
): Promise<Server> {
  const startedAt = performance.now()
  const server = await starting
  stops.push(() => server.stop())
  process.stdout.write(`${name} up after ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
  return server
}

/** A screen for people: where everything is and whether it answers. */
async function status(cluster: Cluster, servers: SharedServers): Promise<string> {
  const replicas = await Promise.all(
    cluster.replicas.map(async ({ directUrl, pid }, index) => {
      const answer = await fetch(`${directUrl}/health/ready`)
      const { status: state, parts } = (await answer.json()) as { status: string; parts: Record<string, string> }
      const each = Object.entries(parts).map(([name, part]) => `${name} ${part}`)
      return `  replica ${index + 1}  ${directUrl}  pid ${pid}  ${state}: ${each.join(', ')}`
    }),
  )
  const again = Object.entries(cluster.environment).map(([name, value]) => `${name}=${value}`)
  return `
  open       ${cluster.url}/        (nginx, round robin)
  try        echo hello | curl -T- ${cluster.url}/

${replicas.join('\n')}
  MariaDB    ${servers.mariadb.url}
  S3         ${servers.s3.endpoint}
  Redis      ${servers.redis.url}

  compare    ${again.join(' ')} npm run fsck

Ctrl-C stops it all and removes what was pasted.
`
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
