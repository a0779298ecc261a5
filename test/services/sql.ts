import { missingCommands } from './catalogue.ts'
import { startMariadb, startMariadb118 } from './mariadb.ts'
import { startMysql } from './mysql.ts'
import type { SqlServer } from './sql-server.ts'

const STARTERS = { mysql: startMysql, mariadb: startMariadb, 'mariadb-11.8': startMariadb118 } as const

/** The servers that suites run on, the one that the shipped files name first. */
export const SQL_NAMES = Object.keys(STARTERS) as (keyof typeof STARTERS)[]

/**
 * The servers that suites which ask for `sql` may run on, the preferred one first: the one that TEST_SQL names, else
 * those that are there.
 */
export function sqlCandidates(): (keyof typeof STARTERS)[] {
  const wanted = process.env.TEST_SQL
  return SQL_NAMES.filter((name) => (wanted ? name === wanted : missingCommands(name).length === 0))
}

/** Starts a server of one's own, of the kind that this run's suites share. `options` are further ones. */
export async function startSql(options: readonly string[] = []): Promise<SqlServer> {
  const [name] = sqlCandidates()
  if (name === undefined) throw new Error('neither MySQL nor MariaDB is there, or TEST_SQL names neither')
  return STARTERS[name](options)
}

/** Starts a server by its name in the catalogue. */
export function startSqlNamed(name: keyof typeof STARTERS): Promise<SqlServer> {
  return STARTERS[name]()
}
