import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { createMysql, migrate } from '../../../src/platform/database/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import type { SpiderServers, SqlServer } from '../../services/index.ts'

/** A database of one's own, spread over the shards. */
export type SpiderDatabase = {
  /** What `DATABASE_URL` takes: the front's. */
  url: string
  /** The same database on each shard. */
  shardUrls: readonly string[]
  /** Step 3 of `config/spider/front.cnf`: every shard's migrations, the front's tables, the front's own migrations. */
  upgrade(upTo?: string): Promise<void>
  /** Writes the shards' tables, whatever they are now, into the front. */
  replaceFrontTables(): Promise<void>
}

const TABLES = fileURLToPath(new URL('../../../config/spider/tables.sh', import.meta.url))
const PIPELINE = `set -e; sh '${TABLES}' "$1" -h127.0.0.1 -P"$2" -uroot "$3" | mariadb -h127.0.0.1 -P"$4" -uroot "$3"`

/** Makes the database and tells the front of its shards, which it reaches at `ports` (their own when absent). */
export async function createSpiderDatabase(
  { front, shards }: SpiderServers,
  ports: readonly number[] = shards.map(({ port }) => port),
): Promise<SpiderDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`
  const servers = shards.map((_, index) => `${name}_${index + 1}`)
  for (const server of [front, ...shards])
    await execute(server, [`create database ${name} character set utf8mb4 collate utf8mb4_bin`])
  for (const [index, shard] of shards.entries()) {
    await execute(shard, [
      "create user if not exists spider@'127.0.0.1' identified by 'secret'",
      `grant all on ${name}.* to spider@'127.0.0.1'`,
    ])
    await execute(front, [
      `create server ${servers[index]} foreign data wrapper mysql
       options (host '127.0.0.1', port ${ports[index]}, database '${name}', user 'spider', password 'secret')`,
    ])
  }
  const replaceFrontTables = async () => {
    const values = [servers.join(' '), `${shards[0].port}`, name, `${front.port}`]
    await promisify(execFile)('sh', ['-c', PIPELINE, 'tables', ...values])
  }
  const url = `${front.url}/${name}`
  const shardUrls = shards.map((shard) => `${shard.url}/${name}`)
  return {
    url,
    shardUrls,
    replaceFrontTables,
    async upgrade(upTo) {
      for (const shardUrl of shardUrls) await migrateAt(shardUrl, upTo)
      await replaceFrontTables()
      await migrateAt(url, upTo)
    },
  }
}

/** Runs statements one after the other and gives the rows of the last. */
export async function execute(server: Pick<SqlServer, 'url'>, statements: string[]): Promise<object[]> {
  const connection = await createConnection(server.url)
  try {
    let rows: unknown = []
    for (const statement of statements) [rows] = await connection.query(statement)
    return rows as object[]
  } finally {
    await connection.end()
  }
}

async function migrateAt(url: string, upTo?: string): Promise<void> {
  const database = await createMysql({ url, logger: silentLogger, random: Math.random })
  try {
    await migrate(database, upTo)
  } finally {
    await database.close()
  }
}
