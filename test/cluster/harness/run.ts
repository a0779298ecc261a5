import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { createConnection } from 'mysql2/promise'
import { sweepAndAudit } from '../../blackbox/audit.ts'
import { createS3Client } from '../../services/index.ts'
import { createBodies } from './bodies.ts'
import { violationsOf } from './checks/index.ts'
import { drive, readEverything } from './drive.ts'
import { createClient } from './exchange.ts'
import { type FaultName, planFaults } from './fault-plan.ts'
import { createInjector } from './inject.ts'
import type { Ledger, Part, Violation } from './ledger.ts'
import { watchMachine } from './machine.ts'
import type { World } from './perform.ts'
import { makePlan } from './plan.ts'
import type { System } from './system.ts'

/** What one run is made of; the same options give the same plans of operations and of faults. */
export type SoakOptions = { seed: number; durationMs: number; ratePerSecond: number; parts: readonly Part[] }

/** Each longer than the ten minutes for which an object stays after the last reading of its paste. */
const AUDIT_STEPS_MS = Array.from({ length: 6 }, () => 11 * 60_000)
/** What a replica logs when it meets a bug. */
const BUG = /a bug ends this process|"level":[56]0/
/** What it logs, once a change, of a part that a fault takes away. */
const AWAY = /"part":"(?:database|store|redis)".*unavailable: /
/** What it logs of bytes that the store gave wrong twice: the truth while a fault makes them so, a bug otherwise. */
const DAMAGE =
  /the store gave wrong bytes twice|The store gave (bytes of this paste that are not|\d+ bytes instead of)|damaged/
const DAMAGING: ReadonlySet<string> = new Set<FaultName>(['S3 flips bytes', 'S3 cuts answers short'])

/**
 * Runs clients and faults against a system, waits until it is well again, and reads everything back from every replica.
 * `onLedger` is given the ledger as soon as there is one; it grows while this runs.
 */
export async function soak(
  system: System,
  options: SoakOptions,
  onLedger: (ledger: Ledger) => void = () => {},
): Promise<{ ledger: Ledger; violations: Violation[] }> {
  const { seed, durationMs, ratePerSecond, parts } = options
  const replicas = system.replicas.length
  const ledger: Ledger = { operations: [], faults: [], mishaps: [] }
  onLedger(ledger)
  const world: World = {
    ledger,
    replicas,
    client: createClient(),
    bodies: createBodies(),
    base: (via) => (via === 'front' ? system.url : (system.replicas[via]?.url ?? '')),
    pastes: new Map(),
  }
  const injector = createInjector(system, ledger)
  const stopWatching = watchMachine(ledger)
  try {
    await Promise.all([
      drive(world, makePlan({ seed, durationMs, ratePerSecond, replicas })),
      injector.run(planFaults({ seed, durationMs, replicas, parts })),
    ])
    await readEverything(world)
  } finally {
    injector.release()
    stopWatching()
    world.client.close()
  }
  const isDamaged = ledger.faults.some(({ name }) => DAMAGING.has(name))
  for (const { service, url } of system.replicas) {
    const bug = service
      .output()
      .split('\n')
      .find((line) => BUG.test(line) && !AWAY.test(line) && !(isDamaged && DAMAGE.test(line)))
    if (bug) ledger.mishaps.push(`the replica at ${url} wrote ${bug}`)
  }
  return { ledger, violations: violationsOf(ledger) }
}

/**
 * Ends the replicas in good order, lets the sweeper do what is due within the next hour, and compares rows with
 * objects; gives one sentence for each thing that should not be.
 */
export async function audit(system: System): Promise<string[]> {
  const found: string[] = []
  const codes = await Promise.all(system.replicas.map(({ service }) => service.kill('SIGTERM')))
  if (codes.some((code) => code !== 0)) found.push(`replicas ended with ${codes}`)
  const { unfinished, strayObjects, missingObjects } = await sweepAndAudit(system.environment, AUDIT_STEPS_MS)
  found.push(...unfinished.map((row) => `waits for ever: ${row}`))
  found.push(...strayObjects.map((key) => `an object that no row knows: ${key}`))
  found.push(...missingObjects.map((key) => `a row without its object: ${key}`))
  found.push(...(await doubles(system)).map((sum) => `two pastes of one create: ${sum}`))
  const client = await createS3Client(system.ceph)
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: system.bucket }))
    found.push(...Uploads.map(({ Key }) => `an upload in parts that nobody finished: ${Key}`))
  } finally {
    client.destroy()
  }
  return found
}

/** Contents of which there are two: each create of a plan has one of its own. */
async function doubles({ environment }: System): Promise<string[]> {
  const connection = await createConnection({ uri: environment.DATABASE_URL ?? '' })
  try {
    const [rows] = await connection.query(
      "select sha256, count(*) as n from pastes where sha256 <> '' group by sha256 having n > 1",
    )
    return (rows as { sha256: Buffer; n: number }[]).map(({ sha256, n }) => `${n} of ${sha256}`)
  } finally {
    await connection.end()
  }
}
