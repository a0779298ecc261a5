import { type Kysely, sql } from 'kysely'

/** A setting of a shard's servers that is not as the service needs it. */
export type DifferingSetting = { shard: string; variable: string; value: string }

/** What the servers behind vtgate must have set: connections of the service set it themselves everywhere else. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  sql_mode: /STRICT_(TRANS|ALL)_TABLES/,
  transaction_isolation: /^READ-COMMITTED$/,
  tx_isolation: /^READ-COMMITTED$/,
  innodb_lock_wait_timeout: /^[12]$/,
}

/** Asks the primary of each shard in turn, on one connection, which afterwards uses the whole keyspace again. */
export async function differingSettings<Tables>(
  db: Kysely<Tables>,
  keyspace: string,
  shards: readonly string[],
): Promise<DifferingSetting[]> {
  const names = sql.join(Object.keys(EXPECTED).map((name) => sql.lit(name)))
  return db.connection().execute(async (connection) => {
    const found: DifferingSetting[] = []
    for (const shard of shards) {
      await sql`use ${sql.id(`${keyspace}:${shard}`)}`.execute(connection)
      const { rows } = await sql<{ Variable_name: string; Value: string }>`
        show global variables where variable_name in (${names})`.execute(connection)
      for (const { Variable_name: variable, Value: value } of rows)
        if (!EXPECTED[variable]?.test(value)) found.push({ shard, variable, value })
    }
    await sql`use ${sql.id(keyspace)}`.execute(connection)
    return found
  })
}
