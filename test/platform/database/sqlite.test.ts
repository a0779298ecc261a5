import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { DuplicateKey, OutcomeUnknown } from '../../../src/core/index.ts'
import type { PasteTables } from '../../../src/paste/index.ts'
import { createSqlite, DataFolderInUse } from '../../../src/platform/database/index.ts'
import { createSqliteWriter } from '../../../src/platform/database/sqlite/writer.ts'
import { type ContractTables, databaseContract } from '../../contracts/database.ts'
import { migrationContract } from '../../contracts/migrations.ts'
import { schemaContract } from '../../contracts/schema.ts'
import { loggedLines } from '../logged-lines.ts'
import { silentLogger } from '../silent-logger.ts'

const folders: string[] = []
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-sqlite-'))
  folders.push(folder)
  return folder
}
const openIn = (folder: string) =>
  createSqlite<ContractTables>({ file: join(folder, 'pastes.db'), logger: silentLogger })
const open = async () => openIn(freshFolder())
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

databaseContract('SQLite', open)
migrationContract('SQLite', open)
schemaContract(async () => {
  const { log, logger } = loggedLines()
  const file = join(freshFolder(), 'pastes.db')
  return { database: createSqlite<PasteTables>({ file, logger, schema: { remedy: 'run the migrations' } }), log }
})

test('only its owner reads the database file, its log and its index, also those of an earlier version', async () => {
  const folder = freshFolder()
  const modes = () =>
    ['pastes.db', 'pastes.db-wal', 'pastes.db-shm'].map((name) => statSync(join(folder, name)).mode & 0o777)
  const first = openIn(folder)
  await sql`create table notes (slug text primary key)`.execute(first.db)
  expect(modes()).toEqual([0o600, 0o600, 0o600])
  await first.close()
  chmodSync(join(folder, 'pastes.db'), 0o644)
  const second = openIn(folder)
  await sql`insert into notes values ('a')`.execute(second.db)
  expect(modes()).toEqual([0o600, 0o600, 0o600])
  await second.close()
})

describe('the embedded database', () => {
  async function withNotes() {
    const folder = freshFolder()
    const database = openIn(folder)
    await sql`create table notes (slug text primary key, body blob, views integer check (views < 10), seen_at integer)`.execute(
      database.db,
    )
    const insert = (slug: string, views = 0) =>
      database.db.insertInto('notes').values({ slug, body: null, views, seen_at: null }).execute()
    const slugs = () => {
      const other = new DatabaseSync(join(folder, 'pastes.db'), { readOnly: true })
      try {
        return other
          .prepare('select slug from notes order by slug')
          .all()
          .map((row) => row.slug)
      } finally {
        other.close()
      }
    }
    return { folder, database, insert, slugs }
  }

  test('commits the writes of one turn together', async () => {
    const { database, insert, slugs, folder } = await withNotes()
    const wal = () => statSync(join(folder, 'pastes.db-wal')).size
    await database.checkpoint()
    await insert('alone')
    const aloneBytes = wal()
    await database.checkpoint()
    await Promise.all(Array.from({ length: 50 }, (_, index) => insert(`note ${index}`)))
    // Fifty commits would have written fifty times the pages of one.
    expect(wal()).toBeLessThan(aloneBytes * 5)
    expect(slugs()).toHaveLength(51)
    await database.close()
  })

  test('has a write on disk when it says so', async () => {
    const { database, insert, slugs } = await withNotes()
    await insert('durable')
    expect(slugs()).toEqual(['durable'])
    await database.close()
  })

  test('fails a bad write alone, not the ones beside it', async () => {
    const { database, insert, slugs } = await withNotes()
    const outcomes = await Promise.allSettled([insert('a'), insert('a'), insert('b', 99), insert('c')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect((outcomes[1] as PromiseRejectedResult).reason).toBeInstanceOf(DuplicateKey)
    expect(slugs()).toEqual(['a', 'c'])
    await database.close()
  })

  test('fails every write of a commit that fails', async () => {
    const { database, insert, slugs } = await withNotes()
    await insert('before')
    // As a full disk does, it rolls back all that was done so far.
    await sql`create trigger refuse before insert on notes when new.slug = 'y'
      begin select raise(rollback, 'not this one'); end`.execute(database.db)
    const outcomes = await Promise.allSettled([insert('x'), insert('y'), insert('z')])
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { message: 'not this one' } })
    expect(slugs()).toEqual(['before'])
    await database.close()
  })

  test('finishes the writes under way when it is closed', async () => {
    const { database, insert, slugs } = await withNotes()
    const writes = Promise.all([insert('last'), insert('least')])
    await Promise.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    await database.close()
    await writes
    expect(slugs()).toEqual(['last', 'least'])
  })

  test('refuses a folder that another server uses, and takes it once that one is gone', async () => {
    const folder = freshFolder()
    const first = openIn(folder)
    expect(() => openIn(folder)).toThrow(DataFolderInUse)
    expect(() => openIn(folder)).toThrow(folder)
    await first.close()
    await openIn(folder).close()
  })

  test('empties its log when asked', async () => {
    const { database, insert, folder } = await withNotes()
    await insert('logged')
    await database.checkpoint()
    expect(readFileSync(join(folder, 'pastes.db-wal'))).toHaveLength(0)
    await database.close()
  })

  test('stores booleans as 0 and 1', async () => {
    const { database } = await withNotes()
    const { rows } = await sql<{ yes: number; no: number }>`select ${true} as yes, ${false} as no`.execute(database.db)
    expect(rows).toMatchObject([{ yes: 1, no: 0 }])
    await database.close()
  })
})

test('a thread that died while it wrote leaves the outcome open, and the next write has a new one', async () => {
  const folder = join(freshFolder(), 'later')
  const writer = createSqliteWriter({ path: join(folder, 'pastes.db'), durable: true })
  await expect(writer.check()).rejects.toBeInstanceOf(OutcomeUnknown)
  mkdirSync(folder)
  await writer.check()
  const [made] = await writer.commit([{ sql: 'create table notes (slug text)', parameters: [] }])
  expect(made).not.toHaveProperty('failure')
  await writer.close()
  await expect(writer.check()).rejects.toThrow('the database was closed')
})
