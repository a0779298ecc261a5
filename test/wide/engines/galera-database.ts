import { randomBytes } from 'node:crypto'
import { createConnection } from 'mysql2/promise'
import type { GaleraCluster } from '../../services/index.ts'

/** An address with all nodes of the cluster in this order, `name` being the database. */
export function galeraUrl({ nodes }: GaleraCluster, name: string, order: readonly number[] = [0, 1, 2]): string {
  return `mysql://root@${order.map((index) => nodes[index]?.address).join(',')}:${nodes[0]?.port}/${name}`
}

/** Makes an empty database and gives its name. */
export async function createGaleraDatabase(cluster: GaleraCluster): Promise<string> {
  const name = `t_${randomBytes(8).toString('hex')}`
  await ask(cluster, 0, `create database ${name} character set utf8mb4 collate utf8mb4_bin`)
  return name
}

/** Runs one statement at one node and gives its rows. */
export async function ask({ nodes }: GaleraCluster, node: number, statement: string): Promise<object[]> {
  const connection = await createConnection(nodes[node]?.url ?? '')
  try {
    const [rows] = await connection.query(statement)
    return rows as object[]
  } finally {
    connection.destroy()
  }
}
