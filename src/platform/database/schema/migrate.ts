import { Migrator } from 'kysely/migration'
import { migrations } from '../../../../migrations/index.ts'
import { DuplicateKey, isAppError } from '../../../core/index.ts'
import type { Database } from '../database.ts'
import { appliedMigrations } from './applied.ts'
import { describeSchema, schemaState } from './state.ts'

/**
 * Brings the schema up to date, or up to the migration named `upTo`, and gives the names of the migrations that ran.
 * Any number of processes may call this at once: one does the work while the others wait. Throws the error of the
 * migration that failed; those before it stay. A database that a later release has migrated is left as it is.
 */
export async function migrate<Tables>(database: Database<Tables>, upTo?: string): Promise<string[]> {
  const { db, close, before, after } = await database.forMigration()
  try {
    await before?.()
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
    const applied: string[] = []
    for (let attempt = 1; ; attempt++) {
      const { error, results = [] } = upTo ? await migrator.migrateTo(upTo) : await migrator.migrateToLatest()
      for (const { migrationName, status } of results) if (status === 'Success') applied.push(migrationName)
      if (!error) {
        if (applied.length > 0) await after?.()
        return applied
      }
      // Kysely refuses a database with steps that it does not know.
      const state = schemaState(await appliedMigrations(db).catch(() => []), Object.keys(migrations))
      if (state.kind === 'newer') return applied
      if (state.kind === 'contracted') throw new Error(describeSchema(state, ''))
      // Each node of a Galera cluster has locks of its own: a process at another one has just noted the same step,
      // or met this one in a deadlock.
      const raced = error instanceof DuplicateKey || isAppError(error, 'overloaded')
      if (!raced || attempt > Object.keys(migrations).length) throw error
    }
  } finally {
    await close()
  }
}
