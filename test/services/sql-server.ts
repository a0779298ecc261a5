import { randomBytes } from 'node:crypto'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { ServerProcess } from './process.ts'

/** Where a MySQL or MariaDB server listens. `url` names no database: see {@link createDatabase}. User root, no password. */
export type SqlCoordinates = {
  url: string
  port: number
  /** Name and version, such as `MySQL 9.7.4`. */
  product: string
}

/** A MySQL or MariaDB server of one's own. `stop` ends it and removes its data; `kill` and `restart` keep the data. */
export type SqlServer = SqlCoordinates & ServerProcess & { stop(): Promise<void> }

/** A database of one's own on a server. `url` is what `DATABASE_URL` takes. */
export type Database = { url: string; name: string; drop(): Promise<void> }

/** Makes an empty database with a random name, so that test files can share one server. */
export async function createDatabase(server: Pick<SqlCoordinates, 'url'>): Promise<Database> {
  const name = `t_${randomBytes(8).toString('hex')}`
  await run(server.url, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  return {
    url: `${server.url}/${name}`,
    name,
    drop: async () => void (await run(server.url, `DROP DATABASE IF EXISTS ${name}`)),
  }
}

/** Name and version of the server behind a URL. */
export async function productOf(url: string): Promise<string> {
  const [row] = (await run(url, 'SELECT version() AS version')) as RowDataPacket[]
  const version = String(row?.version)
  return `${version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${/^[\d.]+/.exec(version)?.[0]}`
}

async function run(url: string, statement: string): Promise<unknown> {
  const connection = await createConnection(url)
  try {
    const [result] = await connection.query(statement)
    return result
  } finally {
    await connection.end()
  }
}
