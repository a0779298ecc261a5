import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from 'kysely'
import { DEFAULT_MIGRATION_LOCK_TABLE, DEFAULT_MIGRATION_TABLE } from 'kysely/migration'
import { migrations } from '../../../../migrations/index.ts'

/** The tables that the migrations make, those of their own account included: what a sharded server has to know first. */
export async function tablesOfMigrations(): Promise<string[]> {
  const made = new Set([DEFAULT_MIGRATION_TABLE, DEFAULT_MIGRATION_LOCK_TABLE])
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new MysqlIntrospector(kysely),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
    log: ({ query: { query } }) => {
      if (query.kind === 'CreateTableNode') made.add(query.table.table.identifier.name)
    },
  })
  for (const { up } of Object.values(migrations)) await up(db)
  await db.destroy()
  return [...made]
}
