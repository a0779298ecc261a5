import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { type Database, migrate } from '../../src/platform/database/index.ts'
import type { ContractTables } from './database.ts'

/** What the migrations must do on every engine. `open` gives an empty database each time. */
export function migrationContract(name: string, open: () => Promise<Database<ContractTables>>): void {
  describe(`migrations on ${name}`, () => {
    test('apply from every point on, and again without harm', async () => {
      const { migrations } = await import('../../migrations/index.ts')
      const names = Object.keys(migrations)
      for (const upTo of names) {
        const database = await open()
        await migrate(database, upTo)
        expect(await migrate(database)).toEqual(names.slice(names.indexOf(upTo) + 1))
        expect(await migrate(database)).toEqual([])
        await database.close()
      }
    })

    test('apply again when the process died before it was noted', async () => {
      const database = await open()
      const names = await migrate(database)
      await sql`delete from kysely_migration`.execute(database.db)
      expect(await migrate(database)).toEqual(names)
      await database.close()
    })

    test('keep the rows that are there', async () => {
      const database = await open()
      await migrate(database, '0001-pastes')
      await sql`insert into pastes (slug, kind, state, version, created_at, updated_at, visibility, edit_token_hash,
        burn_after_reading, views) values ('kept', 'paste', 'live', 1, 1, 1, 'public', 'x', 0, 0)`.execute(database.db)
      await migrate(database)
      const { rows } = await sql<{ slug: string }>`select slug from pastes`.execute(database.db)
      expect(rows.map(({ slug }) => slug)).toEqual(['kept'])
      await database.close()
    })
  })
}
