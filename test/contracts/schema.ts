import { type Kysely, sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import type { PasteTables } from '../../src/paste/index.ts'
import { type Database, migrate } from '../../src/platform/database/index.ts'
import { patiently } from '../patience.ts'

type Opened = { database: Database<PasteTables>; log: string[] }

/**
 * What a database does whose schema is not the one of this release. `open` gives an empty one, which waits for its
 * schema, and the lines that it logs as they come.
 */
export function schemaContract(open: () => Promise<Opened>): void {
  describe('the schema', () => {
    const names = Object.keys(migrations)
    const opened: Database<PasteTables>[] = []
    let database: Database<PasteTables>
    let log: string[]
    beforeEach(async () => {
      ;({ database, log } = await open())
      opened.push(database)
    })
    afterAll(async () => void (await Promise.all(opened.map((one) => one.close()))))

    const select = () => database.db.selectFrom('pastes').select('slug').execute()
    const usable = () => database.schema?.look()
    /** Runs statements past the watch, as a process of another version would. */
    async function behind(act: (db: Kysely<PasteTables>) => Promise<unknown>) {
      const { db, close } = await database.forMigration()
      await act(db)
      await close()
    }
    const note = (name: string) =>
      behind((db) => sql`insert into kysely_migration (name, timestamp) values (${name}, 'now')`.execute(db))

    test('that is missing keeps statements back, says once what to do, and is seen when it comes', async () => {
      expect(await usable()).toBe(false)
      await expect(select()).rejects.toMatchObject({ code: 'schema_mismatch', headers: { 'retry-after': '2' } })
      await expect(select()).rejects.toMatchObject({ code: 'schema_mismatch' })
      expect(log).toEqual(['error the database has no tables yet: run the migrations'])
      await migrate(database)
      await expect.poll(usable, { timeout: patiently(5_000) }).toBe(true)
      expect(await select()).toEqual([])
      expect(log).toHaveLength(2)
    })

    test('that comes is seen by the next statement, though nobody asks for readiness', async () => {
      await expect(select()).rejects.toMatchObject({ code: 'schema_mismatch' })
      await migrate(database)
      await expect.poll(() => select().catch(() => 'not yet'), { timeout: patiently(5_000) }).toEqual([])
    })

    test('that is older keeps statements back until it is migrated', async () => {
      await migrate(database, names.at(-2))
      expect(await usable()).toBe(false)
      await expect(select()).rejects.toMatchObject({ code: 'schema_mismatch' })
      expect(log).toEqual([expect.stringMatching(new RegExp(`^error .*lacks ${names.at(-1)}: run the migrations$`))])
      await migrate(database)
      await expect.poll(usable, { timeout: patiently(5_000) }).toBe(true)
    })

    test('that is newer is used, with a warning, and left as it is by a migration', async () => {
      await migrate(database)
      await note('9998-something-added')
      expect(await usable()).toBe(true)
      expect(await select()).toEqual([])
      expect(log).toEqual([expect.stringMatching(/^warn .*9998-something-added/)])
      expect(await migrate(database)).toEqual([])
    })

    test('from which a later release removed what this one needs is refused', async () => {
      await migrate(database)
      await note('9999-something-removed--after-9998')
      expect(await usable()).toBe(false)
      await expect(select()).rejects.toMatchObject({ code: 'schema_mismatch' })
      await expect(migrate(database)).rejects.toThrow('start that version instead')
    })

    test('that vanishes under way is a refusal, not a mistake of ours', async () => {
      await migrate(database)
      expect(await select()).toEqual([])
      await behind((db) => sql`drop table pastes`.execute(db))
      await expect(select()).rejects.toMatchObject({ code: 'schema_mismatch' })
    })
  })
}
