import { chmodSync, readFileSync } from 'node:fs'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { host } from './host.ts'
import type { ServerProcess } from './process.ts'
import { type StartMysqld, startMariadbMysqld } from './vitess-mysqld.ts'
import { CELL, startControl, startGate, startOrc, startTopology } from './vitess-parts.ts'
import { control, recipeFile } from './vitess-programs.ts'
import { startTablet, type TabletFleet, type VitessTablet } from './vitess-tablet.ts'

/** What a cluster is made of; by itself two shards of one tablet each, on MariaDB. */
export type VitessOptions = {
  shards?: readonly string[]
  tabletsPerShard?: number
  startMysqld?: StartMysqld
  /** `semi_sync`: a write is answered when a second server has it. */
  durability?: 'none' | 'semi_sync'
  /** Whether vtorc looks after the primaries. */
  orc?: boolean
  /** Whether there is a vtctld, which workflows need. */
  workflows?: boolean
  /** Further flags of vtgate. */
  gateFlags?: readonly string[]
  /** Tables that a test has of its own, and the column that says on which shard a row lies. */
  tables?: Readonly<Record<string, string>>
}

/** A sharded cluster with one keyspace. */
export type VitessCluster = {
  /** The keyspace through vtgate: what `DATABASE_URL` takes. */
  url: string
  port: number
  /** Where vtgate shows what it does, without a slash at the end. */
  gateUrl: string
  vtgate: ServerProcess
  tablets: readonly VitessTablet[]
  /** Runs a command of vtctldclient. */
  control(...args: string[]): Promise<string>
  /** Adds a shard, which takes no part until a workflow says so. */
  addShard(shard: string): Promise<VitessTablet[]>
  /** The tablet that is the primary of that shard now. */
  primaryOf(shard: string): Promise<VitessTablet>
  /** Resolves when vtgate knows a primary that takes statements for each of these shards. */
  served(shards: readonly string[]): Promise<void>
  stop(): Promise<void>
}

export const KEYSPACE = 'paste'
export const TWO_SHARDS = ['-80', '80-']
const SERVED_WITHIN_MS = 60_000

/** Starts etcd, the tablets and vtgate with `config/vitess`, which have to be built already. */
export async function startVitess(options: VitessOptions = {}): Promise<VitessCluster> {
  const { shards = TWO_SHARDS, tabletsPerShard = 1, durability = 'none' } = options
  return host('vitess', async (place) => {
    chmodSync(place.folder, 0o711)
    const topology = await startTopology(place)
    const server = options.workflows ? await startControl(place, topology) : 'internal'
    const ask = (...args: string[]) => control(server, topology, args)
    await ask('CreateKeyspace', `--durability-policy=${durability}`, KEYSPACE)
    await ask('ApplyVSchema', `--vschema=${vschemaWith(options.tables)}`, KEYSPACE)
    const startMysqld = options.startMysqld ?? startMariadbMysqld
    const fleet: TabletFleet = { place, cell: CELL, keyspace: KEYSPACE, topology, startMysqld }
    const tablets: VitessTablet[] = []
    const addShard = async (shard: string) => {
      const first = 100 * (new Set(tablets.map((tablet) => tablet.shard)).size + 1)
      const numbers = Array.from({ length: tabletsPerShard }, (_, index) => first + index)
      const starting = numbers.map((id) => startTablet(fleet, shard, id))
      tablets.push(...(await Promise.all(starting)))
      await ask('PlannedReparentShard', `${KEYSPACE}/${shard}`, `--new-primary=${CELL}-${first}`)
      return tablets.filter((tablet) => tablet.shard === shard)
    }
    for (const shard of shards) await addShard(shard)
    if (options.orc) await startOrc(place, topology)
    const gate = await startGate(place, topology, options.gateFlags ?? [])
    const served = (wanted: readonly string[]) => untilServed(gate.port, wanted)
    await served(shards)
    return {
      ...gate,
      url: `${gate.url}/${KEYSPACE}`,
      tablets,
      control: ask,
      addShard,
      served,
      async primaryOf(shard) {
        const { shard: record } = JSON.parse(await ask('GetShard', `${KEYSPACE}/${shard}`)) as ShardRecord
        const alias = `${CELL}-${record.primary_alias.uid}`
        const primary = tablets.find((tablet) => tablet.alias === alias)
        if (primary === undefined) throw new Error(`${alias} is the primary of ${shard} and none of ours`)
        return primary
      },
    }
  })
}

type ShardRecord = { shard: { primary_alias: { uid: number } } }

async function untilServed(port: number, shards: readonly string[]): Promise<void> {
  const deadline = performance.now() + SERVED_WITHIN_MS
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root', database: KEYSPACE })
  try {
    for (;;) {
      const [rows] = await connection.query<RowDataPacket[]>('show vitess_tablets')
      const served = rows.filter(({ TabletType, State }) => TabletType === 'PRIMARY' && State === 'SERVING')
      if (shards.every((shard) => served.some(({ Shard }) => Shard === shard))) return
      if (performance.now() > deadline) throw new Error(`not all of ${shards} have a primary: ${JSON.stringify(rows)}`)
    }
  } finally {
    connection.destroy()
  }
}

function vschemaWith(tables: Readonly<Record<string, string>> = {}): string {
  const vschema = JSON.parse(readFileSync(recipeFile('vschema.json'), 'utf8'))
  for (const [table, column] of Object.entries(tables))
    vschema.tables[table] = { column_vindexes: [{ column, name: 'by_key' }] }
  return JSON.stringify(vschema)
}
