import { type QueryExecutorProvider, sql } from 'kysely'
import type { PoolConnection } from 'mysql2'

/** Whether vtgate is at the other end, by its greeting; mysql2's types don't mention that. */
export function leadsToVitess(connection: PoolConnection): boolean {
  const { _handshakePacket: greeting } = connection as { _handshakePacket?: { serverVersion?: string } }
  return namesVitess(greeting?.serverVersion)
}

/** The same, asked in SQL: vtgate answers that without a tablet. */
export async function isVitess(db: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db)
  return namesVitess(rows[0]?.version)
}

function namesVitess(version: string | undefined): boolean {
  return /vitess/i.test(version ?? '')
}

/** The keyspace that is in use, and its shards by their names: whether vtgate knows a primary that takes statements. */
export type Keyspace = { name: string; shards: Record<string, boolean> }

type Tablet = { Keyspace: string; Shard: string; TabletType: string; State: string }

/** What vtgate knows of the keyspace, from the topology and the tablets' own reports; no shard is asked. */
export async function askKeyspace(db: QueryExecutorProvider): Promise<Keyspace> {
  const [used, shards, tablets] = await Promise.all([
    sql<{ name: string }>`select database() as name`.execute(db),
    sql<{ Shards: string }>`show vitess_shards`.execute(db),
    sql<Tablet>`show vitess_tablets`.execute(db),
  ])
  return keyspaceOf(`${used.rows[0]?.name}`, shards.rows, tablets.rows)
}

/** The keyspace by the rows of vtgate's answers; pure. `paste@primary` and `paste:-80` are names of a part of it. */
export function keyspaceOf(used: string, shards: readonly { Shards: string }[], tablets: readonly Tablet[]): Keyspace {
  const name = used.replace(/[:@].*/, '')
  const serving = tablets.filter(({ TabletType, State }) => TabletType === 'PRIMARY' && State === 'SERVING')
  const isServed = (shard: string) => serving.some(({ Keyspace, Shard }) => Keyspace === name && Shard === shard)
  const own = shards.map(({ Shards }) => Shards.split('/')).filter(([keyspace]) => keyspace === name)
  return { name, shards: Object.fromEntries(own.map(([, shard = '']) => [shard, isServed(shard)])) }
}
