import { type QueryExecutorProvider, sql } from 'kysely'
import { AppError } from '../../../core/index.ts'
import { askKeyspace, isVitess } from '../vitess/index.ts'

/** Finds out whether a server takes writes, or which of its shards do. */
export type MysqlCheck = {
  /** Resolves if the server, or one of its shards at least, takes writes; throws `database_unavailable` otherwise. */
  check(): Promise<void>
  /** Whether each shard took writes when that was last asked; empty where there are none. */
  shards(): Readonly<Record<string, boolean>>
}

/** A check by the statements of `db`; what kind of server it is, is asked once. */
export function createMysqlCheck(db: QueryExecutorProvider): MysqlCheck {
  let sharded: boolean | undefined
  let shards: Readonly<Record<string, boolean>> = {}
  return {
    async check() {
      sharded ??= await isVitess(db)
      if (!sharded) return await checkServer(db)
      shards = (await askKeyspace(db)).shards
      // Where one shard answers, this replica is of use: the slugs of the others get 503 one by one.
      if (!Object.values(shards).includes(true)) throw unavailable('no shard has a primary that takes statements')
    },
    shards: () => shards,
  }
}

async function checkServer(db: QueryExecutorProvider): Promise<void> {
  const { rows } = await sql<{ mode: number | string }>`select @@global.read_only as mode`.execute(db)
  if (!['0', 'OFF'].includes(String(rows[0]?.mode))) throw unavailable('the database is read-only', ER_READ_ONLY_MODE)
}

const ER_READ_ONLY_MODE = 1836

function unavailable(why: string, errno?: number): AppError {
  return new AppError('database_unavailable', { cause: Object.assign(new Error(why), { errno }) })
}
