import { setTimeout as delay } from 'node:timers/promises'
import { type QueryExecutorProvider, sql } from 'kysely'
import { isAppError } from '../../../core/index.ts'
import { askKeyspace } from './vitess.ts'

/** What a sharded server must know before tables are made there. */
const APPLY = 'vtctldclient ApplyVSchema --vschema-file config/vitess/vschema.json'
/** vtgate hears of a new table by itself, from the tablets, in some two seconds. */
const TRACKED_WITHIN_MS = 20_000
const ASK_AGAIN_MS = 100
const ER_UNKNOWN_TABLE = 1109

/**
 * Throws an Error that names the tables of which a sharded keyspace does not know on which shard a row lies: vtgate
 * would make such a table on every shard, and then refuse each statement about it.
 */
export async function requireVschema(db: QueryExecutorProvider, tables: readonly string[]): Promise<void> {
  const { name } = await askKeyspace(db)
  const { rows } = await sql<{ Keyspace: string; Sharded: string }>`show vschema keyspaces`.execute(db)
  if (rows.find(({ Keyspace }) => Keyspace === name)?.Sharded !== 'true') return
  const missing: string[] = []
  for (const table of tables) if (!(await hasVindex(db, table))) missing.push(table)
  if (missing.length === 0) return
  throw new Error(
    `the VSchema of the sharded keyspace ${name} does not have ${missing.join(', ')}: ` +
      `Vitess must know where a row lies before its table is made. Run: ${APPLY} ${name}`,
  )
}

/** Resolves when vtgate knows the columns of these tables: until then it refuses statements that ask several shards. */
export async function untilTracked(db: QueryExecutorProvider, tables: readonly string[]): Promise<void> {
  const deadline = performance.now() + TRACKED_WITHIN_MS
  for (const table of tables)
    for (;;) {
      try {
        await sql`select * from ${sql.table(table)} order by 1 limit 1`.execute(db)
        break
      } catch (error) {
        // A shard that is down is no reason to call migrations failed that are done.
        if (!isUnavailable(error) || performance.now() > deadline) return
        await delay(ASK_AGAIN_MS)
      }
    }
}

async function hasVindex(db: QueryExecutorProvider, table: string): Promise<boolean> {
  try {
    const { rows } = await sql`show vschema vindexes on ${sql.table(table)}`.execute(db)
    return rows.length > 0
  } catch (error) {
    const { errno } = error as { errno?: unknown }
    if (errno === ER_UNKNOWN_TABLE || isAppError(error, 'schema_mismatch')) return false
    throw error
  }
}

function isUnavailable(error: unknown): boolean {
  return isAppError(error, 'database_unavailable')
}
