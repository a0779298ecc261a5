import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createConnection } from 'mysql2/promise'
import type { Faults } from '../../services/index.ts'
import type { ServerProcess } from '../../services/process.ts'
import type { FaultName, PlannedFault } from './fault-plan.ts'
import type { Ledger, Part } from './ledger.ts'
import { spoilValues } from './odd-redis.ts'
import { now } from './perform.ts'
import type { HurtReplica, System } from './system.ts'
import { flipBytes, loseReplies } from './wire-faults.ts'

/** Hurts, waits, and heals; resolves when the cause is gone. */
export type Injection = (system: System, fault: PlannedFault, deps: InjectionDeps) => Promise<void>

/** Where mishaps go, and which replicas are down because they were asked to be. */
export type InjectionDeps = { ledger: Ledger; expectedDown: Set<HurtReplica> }

/** A replica that is told to end finishes what it has, for at most 25 s, and is gone after 30. */
const ENDS_WITHIN_MS = 30_000
const START_ATTEMPTS = 4
const REPEAT_MS = 200

/** On the ways of the chosen replicas to a backend. */
function onLinks(part: Exclude<Part, 'replicas'>, faults: () => Faults): Injection {
  return async (system, { replicas, durationMs }) => {
    const links = chosen(system, replicas).map((replica) => replica.links[part])
    for (const link of links) await link.set(faults())
    await delay(durationMs)
    for (const link of links) await link.set({})
  }
}

function resetting(part: Exclude<Part, 'replicas'>): Injection {
  return async (system, { replicas }) => {
    for (const replica of chosen(system, replicas)) replica.links[part].resetConnections()
  }
}

function killing(
  server: (system: System) => ServerProcess | undefined,
  signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
): Injection {
  return async (system, { durationMs }) => {
    await server(system)?.kill(signal)
    await delay(durationMs)
    await server(system)?.restart()
  }
}

function freezing(server: (system: System) => ServerProcess): Injection {
  return async (system, { durationMs }) => {
    server(system).pause()
    await delay(durationMs)
    server(system).resume()
  }
}

/** What each fault does. */
export const INJECTIONS: Record<FaultName, Injection> = {
  'kill -9 a replica': async (system, { replicas, durationMs }, deps) => {
    for (const replica of chosen(system, replicas)) {
      deps.expectedDown.add(replica)
      await replica.service.kill('SIGKILL')
      await delay(durationMs)
      await startAgain(replica, deps)
    }
  },
  'freeze a replica': freezeReplica,
  'freeze a replica past its leases': freezeReplica,
  'restart the replicas in turn': async (system, { replicas }, deps) => {
    for (const replica of chosen(system, replicas)) {
      deps.expectedDown.add(replica)
      const beganAt = now()
      const code = await replica.service.kill('SIGTERM')
      if (code !== 0) deps.ledger.mishaps.push(`a replica that was asked to end ended with ${code}`)
      if (now() - beganAt > ENDS_WITHIN_MS) deps.ledger.mishaps.push('a replica took more than 30 s to end')
      await startAgain(replica, deps)
    }
  },
  'kill -9 MariaDB': killing(({ mariadb }) => mariadb),
  'restart MariaDB': killing(({ mariadb }) => mariadb, 'SIGTERM'),
  'database swallows': onLinks('database', () => ({ blackHole: true })),
  'database refuses': onLinks('database', () => ({ refuse: true })),
  'database is slow': onLinks('database', () => ({ latencyMs: 40 })),
  'database is silent': onLinks('database', () => ({ holdReplies: true })),
  'database replies are lost': onLinks('database', loseReplies),
  'database kills connections': killConnections,
  'database resets': resetting('database'),
  'kill -9 Redis': killing(({ redis }) => redis),
  'freeze Redis': freezing(({ redis }) => redis),
  'flush Redis': async ({ redis }) => {
    const client = new Redis(redis.url)
    await client.flushall()
    client.disconnect()
  },
  'Redis has odd values': async ({ redis }, { durationMs }) => {
    for (let passed = 0; passed < durationMs; passed += REPEAT_MS) {
      await spoilValues(redis.url, Math.random)
      await delay(REPEAT_MS)
    }
  },
  'Redis swallows': onLinks('redis', () => ({ blackHole: true })),
  'Redis refuses': onLinks('redis', () => ({ refuse: true })),
  'Redis is slow': onLinks('redis', () => ({ latencyMs: 60 })),
  'Redis resets': resetting('redis'),
  'kill -9 S3': killing(({ ceph }) => ceph),
  'freeze S3': freezing(({ ceph }) => ceph),
  'S3 swallows': onLinks('s3', () => ({ blackHole: true })),
  'S3 refuses': onLinks('s3', () => ({ refuse: true })),
  'S3 is slow': onLinks('s3', () => ({ latencyMs: 100 })),
  'S3 is narrow': onLinks('s3', () => ({ toServerBytesPerSecond: 2_000_000, toClientBytesPerSecond: 2_000_000 })),
  'S3 breaks off': onLinks('s3', () => ({ resetAfterBytes: 150_000 })),
  'S3 cuts answers short': onLinks('s3', () => ({ truncateAfterBytes: 150_000 })),
  'S3 flips bytes': onLinks('s3', flipBytes),
  'S3 resets': resetting('s3'),
}

async function freezeReplica(system: System, { replicas, durationMs }: PlannedFault): Promise<void> {
  for (const { service } of chosen(system, replicas)) service.signal('SIGSTOP')
  await delay(durationMs)
  for (const { service } of chosen(system, replicas)) service.signal('SIGCONT')
}

/** Ends about half of the service's connections, whatever they are at, again and again. */
async function killConnections({ environment }: System, { durationMs }: PlannedFault): Promise<void> {
  const connection = await createConnection({ uri: environment.DATABASE_URL ?? '' })
  try {
    for (let passed = 0; passed < durationMs; passed += REPEAT_MS) {
      const [rows] = await connection.query('select id from information_schema.processlist where id <> connection_id()')
      // It may have ended by itself.
      for (const { id } of rows as { id: number }[])
        if (Math.random() < 0.5) await connection.query(`kill ${id}`).catch(() => {})
      await delay(REPEAT_MS)
    }
  } finally {
    connection.destroy()
  }
}

/** Backends may be away meanwhile: a replica starts all the same, however long that takes a busy machine. */
async function startAgain(replica: HurtReplica, { expectedDown, ledger }: InjectionDeps): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await replica.service.restart()
      break
    } catch (error) {
      if (/\bended with\b/.test(`${error}`)) ledger.mishaps.push(`a replica did not start again: ${error}`)
      if (attempt === START_ATTEMPTS) throw error
    }
  }
  expectedDown.delete(replica)
}

function chosen(system: System, replicas: readonly number[]): HurtReplica[] {
  return system.replicas.filter((_, index) => replicas.includes(index))
}
