import { fileURLToPath } from 'node:url'
import { startMariadb } from './mariadb.ts'
import type { SqlServer } from './sql-server.ts'

/** A MariaDB server that sends each statement to the shard that has the row, and two shards. */
export type SpiderServers = {
  front: SqlServer
  shards: readonly [SqlServer, SqlServer]
  /** Ends them and removes their data. */
  stop(): Promise<void>
}

const recipe = (name: string) => fileURLToPath(new URL(`../../config/spider/${name}`, import.meta.url))

/** Starts all three with `config/spider`; no database is made, and the front does not know the shards yet. */
export async function startSpider(): Promise<SpiderServers> {
  const started = await Promise.allSettled([
    startMariadb([], recipe('front.cnf')),
    startMariadb([], recipe('shard.cnf')),
    startMariadb([], recipe('shard.cnf')),
  ])
  const servers = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()))
  }
  const [front, one, other] = servers
  if (front && one && other) return { front, shards: [one, other], stop }
  await stop()
  throw started.find((outcome) => outcome.status === 'rejected')?.reason
}
