import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { createMysql, migrate } from '../../../src/platform/database/index.ts'
import { type ContractTables, databaseContract } from '../../contracts/database.ts'
import { migrationContract } from '../../contracts/migrations.ts'
import { createDatabase, whenService } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

const connect = (url: string) => createMysql<ContractTables>({ url, logger: silentLogger, random: Math.random })

whenService('mariadb', ({ mariadb }) => {
  const made: { drop(): Promise<void> }[] = []
  const freshUrl = async () => {
    const database = await createDatabase(mariadb)
    made.push(database)
    return database.url
  }
  const open = async () => connect(await freshUrl())
  afterAll(() => Promise.all(made.map((database) => database.drop())))

  databaseContract('MySQL', open)
  migrationContract('MySQL', open)

  test('several processes may migrate one database at once', async () => {
    const url = await freshUrl()
    const databases = await Promise.all([1, 2, 3].map(() => connect(url)))
    const applied = await Promise.all(databases.map((database) => migrate(database)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    await Promise.all(databases.map((database) => database.close()))
  })

  test('a database that is missing is made', async () => {
    const name = `t_${randomBytes(8).toString('hex')}`
    const database = await connect(`${mariadb.url}/${name}`)
    await migrate(database)
    await expect(database.check()).resolves.toBeUndefined()
    await sql`drop database ${sql.id(name)}`.execute(database.db)
    await database.close()
  })
})
