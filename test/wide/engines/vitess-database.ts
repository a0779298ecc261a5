import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { createMysql, type Database, migrate } from '../../../src/platform/database/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import type { VitessCluster } from '../../services/index.ts'

/** A handle on the cluster's keyspace. */
export function openVitess<Tables>({ url }: { url: string }): Promise<Database<Tables>> {
  return createMysql<Tables>({ url, logger: silentLogger, random: Math.random })
}

/** The same with every table gone: vtgate makes no databases. */
export async function openEmptyVitess<Tables>(cluster: { url: string }): Promise<Database<Tables>> {
  for (const row of await ask(cluster, 'show tables')) await ask(cluster, `drop table ${Object.values(row)[0]}`)
  return openVitess(cluster)
}

/** Brings the keyspace up to date. */
export async function migrateVitess(cluster: { url: string }): Promise<void> {
  const database = await openVitess(cluster)
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
}

/** Gives the rows of one statement, asked of the whole keyspace or, by its name, of one shard. */
export async function ask({ url }: { url: string }, statement: string, shard?: string): Promise<RowDataPacket[]> {
  const connection = await createConnection(shard === undefined ? url : `${url}:${shard}`)
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement)
    return rows
  } finally {
    connection.destroy()
  }
}

/** The shard that a slug's rows belong to, whether it has any: vtgate knows that by itself. */
export async function shardOf(cluster: Pick<VitessCluster, 'url'>, slug: string): Promise<string> {
  const [row] = await ask(cluster, `select shard from by_key where id = '${slug}'`)
  return `${row?.shard}`
}
