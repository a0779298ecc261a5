import { type Generated, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DuplicateKey, type Placeholders, statement } from '../../src/core/index.ts'
import { type Database, migrate } from '../../src/platform/database/index.ts'

/** The tables that the suite makes for itself. */
export type ContractTables = {
  notes: { slug: string; body: Buffer | null; views: number; seen_at: number | null }
  counters: { id: Generated<number>; total: number }
}

/**
 * What every database must do, whatever the engine. `open` gives an empty one, which the suite closes; where an engine
 * must be told how, it has the table `notes` already.
 */
export function databaseContract(name: string, open: () => Promise<Database<ContractTables>>): void {
  describe(`${name} as a database`, () => {
    let database: Database<ContractTables>
    const db = () => database.db

    beforeAll(async () => {
      database = await open()
      await migrate(database)
      const key = name === 'SQLite' ? sql`text` : sql`varbinary(64)`
      const blob = name === 'SQLite' ? sql`blob` : sql`mediumblob`
      await db()
        .schema.createTable('notes')
        .ifNotExists()
        .addColumn('slug', key, (column) => column.notNull().primaryKey())
        .addColumn('body', blob)
        .addColumn('views', 'bigint', (column) => column.notNull())
        .addColumn('seen_at', 'bigint')
        .execute()
    })
    afterAll(() => database.close())

    const insert = (slug: string, body: Buffer | null = null) =>
      db().insertInto('notes').values({ slug, body, views: 0, seen_at: null }).execute()
    const find = (slug: string) => db().selectFrom('notes').selectAll().where('slug', '=', slug).executeTakeFirst()

    test('says that it takes writes', async () => {
      await expect(database.check()).resolves.toBeUndefined()
    })

    test('lets exactly one of 20 racers insert a slug and tells the others', async () => {
      const race = await Promise.allSettled(Array.from({ length: 20 }, () => insert('raced')))
      const losers = race.filter((outcome) => outcome.status === 'rejected')
      expect(losers).toHaveLength(19)
      for (const { reason } of losers) expect(reason).toBeInstanceOf(DuplicateKey)
    })

    test('lets exactly one of 20 conditional updates win', async () => {
      await insert('claimed')
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          db()
            .updateTable('notes')
            .set({ seen_at: index })
            .where('slug', '=', 'claimed')
            .where('seen_at', 'is', null)
            .executeTakeFirst(),
        ),
      )
      expect(claims.reduce((sum, { numUpdatedRows }) => sum + numUpdatedRows, 0n)).toBe(1n)
    })

    test('counts the rows that matched, changed or not', async () => {
      await insert('matched')
      const update = db().updateTable('notes').set({ views: 0 }).where('slug', '=', 'matched')
      expect((await update.executeTakeFirst()).numUpdatedRows).toBe(1n)
    })

    test.each([
      ['case', 'Abc', 'abc'],
      ['a trailing blank', 'blank', 'blank '],
      ['an accent', 'resume', 'resum\u00e9'],
      ['composition', '\u00e9', 'e\u0301'],
    ])('keeps slugs apart that differ in %s', async (_difference, one, other) => {
      await insert(one)
      expect(await find(other)).toBeUndefined()
      await insert(other)
      expect(await find(one)).toMatchObject({ slug: one })
      expect(await find(other)).toMatchObject({ slug: other })
    })

    test('gives a body back byte for byte, as a Buffer', async () => {
      const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256))
      await insert('bytes', everyByte)
      const row = await find('bytes')
      expect(Buffer.isBuffer(row?.body)).toBe(true)
      expect(row?.body?.equals(everyByte)).toBe(true)
    })

    test('tells an empty body from none', async () => {
      await insert('empty', Buffer.alloc(0))
      await insert('none', null)
      expect((await find('empty'))?.body).toEqual(Buffer.alloc(0))
      expect((await find('none'))?.body).toBeNull()
    })

    test('keeps whole numbers up to 2^53 - 1', async () => {
      const row = { slug: 'number', body: null, views: Number.MAX_SAFE_INTEGER, seen_at: 1_800_000_000_123 }
      await db().insertInto('notes').values(row).execute()
      expect(await find('number')).toMatchObject({ views: Number.MAX_SAFE_INTEGER, seen_at: 1_800_000_000_123 })
    })

    test('gives sums and counts as numbers', async () => {
      const { rows } = await sql<{ total: number; rows: number }>`
        select sum(views) as total, count(*) as ${sql.ref('rows')} from notes where slug = 'number'`.execute(db())
      expect(rows[0]).toMatchObject({ total: Number.MAX_SAFE_INTEGER, rows: 1 })
    })

    test('runs a compiled statement with new values each time', async () => {
      const add = statement(db(), (p: Placeholders<{ slug: string; body: Buffer; views: number }>) =>
        db().insertInto('notes').values({ slug: p.slug, body: p.body, views: p.views, seen_at: 7 }),
      )
      const list = statement(db(), (p: Placeholders<{ from: string; limit: number }>) =>
        db()
          .selectFrom('notes')
          .select(['slug', 'views', 'seen_at'])
          .where('slug', '>=', p.from)
          .where('slug', '<', 'zipper')
          .limit(p.limit),
      )
      expect(await add.run({ slug: 'zip1', body: Buffer.from('one'), views: 1 })).toBe(1)
      expect(await add.run({ slug: 'zip2', body: Buffer.from('two'), views: 2 })).toBe(1)
      await expect(add.run({ slug: 'zip2', body: Buffer.from('two'), views: 2 })).rejects.toBeInstanceOf(DuplicateKey)
      expect(await list.all({ from: 'zip', limit: 9 })).toHaveLength(2)
      expect(await list.first({ from: 'zip2', limit: 1 })).toMatchObject({ slug: 'zip2', views: 2, seen_at: 7 })
    })

    test('refuses a compiled statement whose value is missing', async () => {
      const list = statement(db(), (p: Placeholders<{ slug: string }>) =>
        db().selectFrom('notes').selectAll().where('slug', '=', p.slug),
      )
      await expect(list.all({} as { slug: string })).rejects.toBeInstanceOf(TypeError)
    })

    test('undoes a transaction that fails', async () => {
      const transaction = db()
        .transaction()
        .execute(async (trx) => {
          await trx.insertInto('notes').values({ slug: 'undone', body: null, views: 0, seen_at: null }).execute()
          throw new Error('no')
        })
      await expect(transaction).rejects.toThrow('no')
      expect(await find('undone')).toBeUndefined()
    })

    test('keeps statements out of a transaction that are not part of it', async () => {
      const outside: Promise<unknown>[] = []
      const transaction = db()
        .transaction()
        .execute(async (trx) => {
          await trx.insertInto('notes').values({ slug: 'inside', body: null, views: 0, seen_at: null }).execute()
          outside.push(insert('outside'), find('inside'))
          await trx.selectFrom('notes').selectAll().execute()
          throw new Error('no')
        })
      await expect(transaction).rejects.toThrow('no')
      expect((await Promise.all(outside))[1]).toBeUndefined()
      expect(await find('outside')).toBeDefined()
    })

    test('passes mistakes in SQL on as they are', async () => {
      await expect(sql`select nonsense from notes`.execute(db())).rejects.toThrow(/nonsense/)
    })
  })
}
