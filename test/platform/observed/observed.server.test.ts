import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { type Observe, systemClock } from '../../../src/core/index.ts'
import { createMysql, createSqlite } from '../../../src/platform/database/index.ts'
import { createRedis, observedRedis } from '../../../src/platform/index.ts'
import { redisUrl } from '../../../src/settings/redis-url.ts'
import { type ContractTables, databaseContract } from '../../contracts/database.ts'
import { createDatabase, freePort, whenService } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

/** Remembers what it observes. */
function createWitness() {
  const seen: string[] = []
  const observe: Observe = (part, operation, call) => {
    seen.push(`${part} ${operation}`)
    return call()
  }
  return { seen, observe }
}

const folders: string[] = []
const openSqlite = (observe: Observe) => {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-observed-'))
  folders.push(folder)
  return createSqlite<ContractTables>({
    file: join(folder, 'pastes.db'),
    logger: silentLogger,
    observer: { observe },
  })
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

databaseContract('SQLite', async () => openSqlite(createWitness().observe))

whenService('sql', ({ sql }) => {
  const made: { drop(): Promise<void> }[] = []
  const waits: number[] = []
  const open = async () => {
    const database = await createDatabase(sql)
    made.push(database)
    const observer = { observe: createWitness().observe, waited: (durationMs: number) => void waits.push(durationMs) }
    return createMysql<ContractTables>({ url: database.url, logger: silentLogger, random: Math.random, observer })
  }
  afterAll(() => Promise.all(made.map((database) => database.drop())))

  databaseContract('MySQL', open)

  test('waits for connections are told apart from statements', () => {
    expect(waits.length).toBeGreaterThan(10)
    expect(waits.every((durationMs) => durationMs >= 0)).toBe(true)
  })
})

describe('what is observed', () => {
  test('of a database are its statements, by verb and table, and never a value', async () => {
    const { seen, observe } = createWitness()
    const { db, close } = openSqlite(observe)
    await sql`create table notes (slug text primary key, body blob, views integer, seen_at integer)`.execute(db)
    await db.insertInto('notes').values({ slug: 'secret', body: null, views: 0, seen_at: null }).execute()
    await db.selectFrom('notes').selectAll().where('slug', '=', 'secret').execute()
    await db.updateTable('notes').set({ views: 1 }).execute()
    await db.deleteFrom('notes').execute()
    await expect(sql`select nonsense from nowhere`.execute(db)).rejects.toThrow()
    expect(seen.map((name) => name.replace('database ', ''))).toEqual([
      'other',
      'insert notes',
      'select notes',
      'update notes',
      'delete notes',
      'other',
    ])
    await close()
  })

  test('of Redis are its commands, also while it is away; a lookup that it did not answer is none', async () => {
    const { seen, observe } = createWitness()
    const lookups: boolean[] = []
    const target = redisUrl(`redis://127.0.0.1:${await freePort()}`)
    const bare = await createRedis({ target, logger: silentLogger, clock: systemClock })
    const redis = observedRedis(bare, { observe, lookedUp: (found) => void lookups.push(found) })
    expect(await redis.get('key')).toBeUndefined()
    expect(await redis.set('key', Buffer.from('x'), 1)).toBeUndefined()
    expect(seen).toEqual(['redis get', 'redis set'])
    expect(lookups).toEqual([])
    await redis.close()
  })
})

whenService('redis', ({ redis: server }) => {
  test('a lookup of Redis was a hit or a miss', async () => {
    const lookups: boolean[] = []
    const bare = await createRedis({ target: redisUrl(server.url), logger: silentLogger, clock: systemClock })
    const observe = createWitness().observe
    const redis = observedRedis(bare, { observe, lookedUp: (found) => void lookups.push(found) })
    const key = `test:observed:${Math.random()}`
    await expect.poll(() => redis.state().connected, { interval: 5 }).toBe(true)
    await redis.get(key)
    await redis.set(key, Buffer.from('x'), 10_000)
    await redis.get(key)
    expect(lookups).toEqual([false, true])
    await redis.close()
  })
})
