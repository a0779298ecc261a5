// `npm run cluster`, `npm run cluster -- --replicas 5 --set CACHE_BYTES=1MiB`: the service as it runs for the world, on this machine: MariaDB,
// Ceph's S3, Redis, replicas that register with BIND 9, and nginx that finds them by name. Everything lies in temporary folders and ends with Ctrl-C.
// `--vitess` puts two shards behind vtgate in MariaDB's place; Go builds it, once.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { commandPath, type ServiceName } from '../services/catalogue.ts'
import { startCeph } from '../services/ceph.ts'
import { type SqlCoordinates, startMariadb, startRedis, startVitess } from '../services/index.ts'
import { installServices } from '../services/install.ts'
import { buildVitess } from '../services/vitess-programs.ts'
import { startCluster } from './cluster.ts'
import { describeCluster } from './describe.ts'
import { followsNames } from './front.ts'
import { startNames } from './names.ts'
import { settingsOf } from './settings.ts'

const NEEDED: readonly ServiceName[] = ['mariadb', 's3', 'redis', 'nginx', 'dns']
const MOST_REPLICAS = 32

/** What a replica is told beside where things are: the service's own defaults, not those of tests. */
const DEFAULTS = {
  RATE_LIMIT_CREATE: '',
  RATE_LIMIT_UPLOAD: '',
  RATE_LIMIT_MISS: '',
  MIN_EXPIRY: '',
  SWEEP_SCHEDULE: '',
}

const { values } = parseArgs({
  options: {
    replicas: { type: 'string', default: '3' },
    set: { type: 'string', multiple: true, default: [] },
    vitess: { type: 'boolean', default: false },
  },
})
const count = Number(values.replicas)
if (!Number.isInteger(count) || count < 1 || count > MOST_REPLICAS) fail(`--replicas wants 1 to ${MOST_REPLICAS}`)
const settings: Record<string, string> = { ...DEFAULTS }
try {
  for (const text of values.set) Object.assign(settings, settingsOf(text))
} catch (error) {
  fail(`--set: ${error instanceof Error ? error.message : error}`)
}

const missing = installServices(NEEDED)
for (const name of NEEDED) {
  const lack = missing[name]
  if (lack) fail(`${name}: ${lack.why}; ${lack.remedy}`)
}

const unbuilt = values.vitess ? buildVitess() : undefined
if (unbuilt !== undefined) fail(unbuilt)

const stops: (() => Promise<void>)[] = []
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
try {
  const [sql, s3, redis, names] = await Promise.all([
    values.vitess ? keep('Vitess with two shards', startSharded()) : keep('MariaDB', startMariadb()),
    keep('Ceph', startCeph()),
    keep('Redis', startRedis()),
    keep('BIND 9', startNames()),
  ])
  const servers = { sql, s3, redis }
  const keepsConnections = followsNames(commandPath('nginx'))
  const starting = startCluster(servers, count, settings, {
    names,
    keep: keepsConnections,
    ...(values.vitess && { database: sql }),
  })
  const cluster = await keep(`${count} replicas and nginx`, starting)
  process.stdout.write(await describeCluster(cluster, servers, names))
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

/** Over MariaDB, which lacks a variable that vtgate would ask it about. */
async function startSharded(): Promise<SqlCoordinates & { stop(): Promise<void> }> {
  const vitess = await startVitess({ gateFlags: ['--enable-system-settings=false'] })
  return { ...vitess, product: 'Vitess' }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
