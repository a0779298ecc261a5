import { randomBytes } from 'node:crypto'
import { Kysely, MysqlDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { createPool } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../../../migrations/index.ts'
import type { PasteTables } from '../../../src/paste/index.ts'
import { createMysql, migrate } from '../../../src/platform/database/index.ts'
import { type ContractTables, databaseContract } from '../../contracts/database.ts'
import { migrationContract } from '../../contracts/migrations.ts'
import { schemaContract } from '../../contracts/schema.ts'
import { createDatabase, type SqlServer, startMariadb, whenService } from '../../services/index.ts'
import { loggedLines } from '../logged-lines.ts'
import { silentLogger } from '../silent-logger.ts'

const connect = (url: string) => createMysql<ContractTables>({ url, logger: silentLogger, random: Math.random })

whenService('sql', ({ sql: shared }) => suite(() => shared.url))

// The other of the two that are supported; the whole on it is in `npm run test:wide`.
whenService(['sql', 'mariadb'], ({ sql: shared }) => {
  // Where a run shares a MariaDB, the first of the two is it.
  describe.runIf(!shared.product.startsWith('MariaDB'))('beside a MariaDB of its own', () => {
    let server: SqlServer
    beforeAll(async () => {
      server = await startMariadb()
    })
    afterAll(() => server.stop())
    suite(() => server.url)
  })
})

function suite(serverUrl: () => string): void {
  const made: { drop(): Promise<void> }[] = []
  const freshUrl = async () => {
    const database = await createDatabase({ url: serverUrl() })
    made.push(database)
    return database.url
  }
  const open = async () => connect(await freshUrl())
  afterAll(async () => void (await Promise.all(made.map((database) => database.drop()))))

  databaseContract('MySQL', open)
  migrationContract('MySQL', open)
  schemaContract(async () => {
    const { log, logger } = loggedLines()
    const url = await freshUrl()
    const schema = { remedy: 'run the migrations' }
    return { database: await createMysql<PasteTables>({ url, logger, random: Math.random, schema }), log }
  })

  test('several processes may migrate one database at once', async () => {
    const url = await freshUrl()
    const databases = await Promise.all([1, 2, 3].map(() => connect(url)))
    const applied = await Promise.all(databases.map((database) => migrate(database)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    await Promise.all(databases.map((database) => database.close()))
  })

  test('a release that takes another lock may migrate at the same moment', async () => {
    const url = await freshUrl()
    const database = await connect(url)
    const [, state] = await Promise.all([migrateWithOtherLock(url), migrate(database)])
    expect(state.every((name) => name in migrations)).toBe(true)
    expect(await migrate(database)).toEqual([])
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database.db)
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(migrations))
    await database.close()
  })

  test('the lock of another release keeps nobody from migrating', async () => {
    const url = await freshUrl()
    const other = await createConnection(url)
    await other.query("select get_lock('the name that a former release takes', 0)")
    const database = await connect(url)
    expect(await migrate(database)).toEqual(Object.keys(migrations))
    await Promise.all([database.close(), other.end()])
  })

  test('a database that is missing is made', async () => {
    const name = `t_${randomBytes(8).toString('hex')}`
    const database = await connect(`${serverUrl()}/${name}`)
    await migrate(database)
    await expect(database.check()).resolves.toBeUndefined()
    await sql`drop database ${sql.id(name)}`.execute(database.db)
    await database.close()
  })
}

/** Migrates as a former release does beside this one: the same steps, by Kysely's own dialect, whose lock has another name. */
async function migrateWithOtherLock(url: string): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new MysqlDialect({ pool: createPool(url) }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  // This release has just noted the same step, or both met in a deadlock.
  const RACED = [1062, 1213]
  try {
    for (;;) {
      const { error } = await migrator.migrateToLatest()
      if (!error) return
      if (!RACED.includes((error as { errno?: number }).errno ?? 0)) throw error
    }
  } finally {
    await db.destroy()
  }
}
