import { Migrator } from 'kysely/migration'
import { migrations } from '../../../migrations/index.ts'
import type { Database } from './database.ts'

/**
 * Brings the schema up to date, or up to the migration named `upTo`, and gives the names of the migrations that ran.
 * Any number of processes may call this at once: one does the work while the others wait. Throws the error of the
 * migration that failed; those before it stay.
 */
export async function migrate<Tables>(database: Database<Tables>, upTo?: string): Promise<string[]> {
  const { db, close } = await database.forMigration()
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
    const { error, results = [] } = upTo ? await migrator.migrateTo(upTo) : await migrator.migrateToLatest()
    if (error) throw error
    return results.map(({ migrationName }) => migrationName)
  } finally {
    await close()
  }
}
