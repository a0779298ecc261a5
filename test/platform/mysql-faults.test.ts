import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { OutcomeUnknown } from '../../src/core/index.ts'
import { createMysql, type Database } from '../../src/platform/database/index.ts'
import {
  createDatabase,
  type FaultProxy,
  type MariadbServer,
  startFaultProxy,
  startMariadb,
  whenService,
} from '../services/index.ts'
import { silentLogger } from './silent-logger.ts'

type Tables = { notes: { slug: string; views: number } }

const connect = (url: string, limits = {}) =>
  createMysql<Tables>({ url, logger: silentLogger, random: Math.random, limits })

whenService('mariadb', ({ mariadb }) => {
  let home: { url: string; name: string; drop(): Promise<void> }
  let proxy: FaultProxy
  let direct: Connection
  const opened: Database<Tables>[] = []

  beforeAll(async () => {
    home = await createDatabase(mariadb)
    direct = await createConnection(home.url)
    await direct.query('create table notes (slug varbinary(64) primary key, views int not null)')
    proxy = await startFaultProxy(mariadb.port)
  })
  afterEach(async () => {
    await proxy.set({})
    await Promise.all(opened.splice(0).map((database) => database.close()))
  })
  afterAll(async () => {
    await proxy.stop()
    await direct.end()
    await home.drop()
  })

  async function throughProxy(limits = {}): Promise<Database<Tables>> {
    const database = await connect(`mysql://root@127.0.0.1:${proxy.port}/${home.name}`, limits)
    opened.push(database)
    return database
  }
  const insert = (database: Database<Tables>, slug: string) =>
    database.db.insertInto('notes').values({ slug, views: 0 }).execute()
  const read = (database: Database<Tables>) => database.db.selectFrom('notes').selectAll().execute()
  async function outcome(statement: Promise<unknown>) {
    const startedAt = performance.now()
    const error = await statement.then(
      () => undefined,
      (reason: { code: string }) => reason,
    )
    return { error, tookMs: performance.now() - startedAt }
  }

  describe('when the network fails', () => {
    test('a write whose answer is lost has an unknown outcome', async () => {
      const database = await throughProxy()
      await read(database)
      await proxy.set({ onRequest: dropReplyTo('lost-answer') })
      const { error } = await outcome(insert(database, 'lost-answer'))
      expect(error).toBeInstanceOf(OutcomeUnknown)
      const [rows] = await direct.query("select slug from notes where slug = 'lost-answer'")
      expect(rows).toHaveLength(1)
    })

    test('a commit whose answer is lost has an unknown outcome', async () => {
      const database = await throughProxy()
      await read(database)
      await proxy.set({ onRequest: dropReplyTo('commit') })
      const transaction = database.db
        .transaction()
        .execute((trx) => trx.insertInto('notes').values({ slug: 'lost-end', views: 0 }).execute())
      expect((await outcome(transaction)).error).toBeInstanceOf(OutcomeUnknown)
    })

    test('a write inside a transaction that breaks was not carried out', async () => {
      const database = await throughProxy()
      await read(database)
      await proxy.set({ onRequest: dropReplyTo('broken-inside') })
      const transaction = database.db
        .transaction()
        .execute((trx) => trx.insertInto('notes').values({ slug: 'broken-inside', views: 0 }).execute())
      expect((await outcome(transaction)).error).toMatchObject({ code: 'database_unavailable' })
      const [rows] = await direct.query("select slug from notes where slug = 'broken-inside'")
      expect(rows).toHaveLength(0)
    })

    test('a read is tried again on another connection', async () => {
      const database = await throughProxy()
      await read(database)
      let isFirst = true
      await proxy.set({
        onRequest(_bytes, link) {
          if (isFirst) link.reset()
          isFirst = false
          return undefined
        },
      })
      await expect(read(database)).resolves.toBeDefined()
    })

    test('nobody waits longer than 3.5 s for a server that does not answer', async () => {
      const database = await throughProxy()
      await read(database)
      await proxy.set({ blackHole: true })
      const [warm, cold] = await Promise.all([outcome(read(database)), outcome(insert(database, 'black-hole'))])
      expect(warm.error).toMatchObject({ code: 'database_unavailable' })
      expect(warm.tookMs).toBeLessThan(3_500)
      expect(cold.error).toMatchObject({ code: 'database_unavailable' })
      expect(cold.tookMs).toBeLessThan(3_500)
      await proxy.set({})
      await expect(read(database)).resolves.toBeDefined()
    })

    test('closing does not wait for a server that does not answer', async () => {
      const database = await connect(`mysql://root@127.0.0.1:${proxy.port}/${home.name}`)
      await read(database)
      await proxy.set({ blackHole: true })
      const { error, tookMs } = await outcome(database.close())
      expect(error).toBeUndefined()
      expect(tookMs).toBeLessThan(1_500)
    })

    test('a refused connection fails at once, and the next one works', async () => {
      const database = await throughProxy()
      await proxy.set({ refuse: true })
      const { error, tookMs } = await outcome(read(database))
      expect(error).toMatchObject({ code: 'database_unavailable' })
      expect(tookMs).toBeLessThan(500)
      await proxy.set({})
      await expect(read(database)).resolves.toBeDefined()
    })
  })

  describe('when there is too much to do', () => {
    test('who gets no connection in time hears overloaded, and later ones get one', async () => {
      const database = await throughProxy({ connections: 2, acquireMs: 100 })
      const slow = [1, 2].map(() => sql`select sleep(0.5)`.execute(database.db))
      await Promise.all([
        slow[0],
        outcome(read(database)).then(({ error }) => expect(error).toMatchObject({ code: 'overloaded' })),
      ])
      await slow[1]
      await expect(read(database)).resolves.toBeDefined()
    })

    test('who would wait behind too many others is refused at once', async () => {
      const database = await throughProxy({ connections: 1, waiters: 2, acquireMs: 1_000 })
      const slow = sql`select sleep(0.3)`.execute(database.db)
      const waiters = [1, 2].map(() => read(database))
      const { error, tookMs } = await outcome(read(database))
      expect(error).toMatchObject({ code: 'overloaded' })
      expect(tookMs).toBeLessThan(100)
      await Promise.all([slow, ...waiters])
    })

    test('a statement that takes too long is cut off', async () => {
      const database = await throughProxy({ statementMs: 300 })
      const { error, tookMs } = await outcome(sql`select sleep(5)`.execute(database.db))
      expect(error).toMatchObject({ code: 'database_unavailable' })
      expect(tookMs).toBeLessThan(1_000)
    })

    test('the loser of a deadlock is tried again', async () => {
      const database = await throughProxy()
      await direct.query("insert into notes values ('dead-a', 0), ('dead-b', 0)")
      // InnoDB lets the transaction live that has changed more rows, so the single statement has to lose.
      await direct.query('begin')
      await direct.query(`insert into notes values ${Array.from({ length: 50 }, (_, index) => `('row-${index}', 0)`)}`)
      await direct.query("update notes set views = views + 1 where slug = 'dead-b'")
      const single = sql`update notes set views = views + 1 where slug in ('dead-a', 'dead-b')`.execute(database.db)
      const watcher = await throughProxy()
      await someoneWaitsForLock(watcher)
      await direct.query("update notes set views = views + 1 where slug = 'dead-a'")
      await direct.query('commit')
      expect((await single).numAffectedRows).toBe(2n)
      const [rows] = await direct.query("select views from notes where slug like 'dead-%'")
      expect(rows).toEqual([{ views: 2 }, { views: 2 }])
    })
  })

  describe('when the server goes away', () => {
    let own: MariadbServer
    beforeAll(async () => {
      own = await startMariadb()
    })
    afterAll(() => own.stop())

    test('statements fail, and work again after its restart', async () => {
      const { url } = await createDatabase(own)
      const database = await connect(url)
      opened.push(database)
      await sql`create table notes (slug varbinary(64) primary key, views int not null)`.execute(database.db)
      await Promise.all(Array.from({ length: 10 }, (_, index) => insert(database, `note ${index}`)))
      await own.kill()
      expect((await outcome(read(database))).error).toMatchObject({ code: 'database_unavailable' })
      expect((await outcome(insert(database, 'away'))).error).toMatchObject({ code: 'database_unavailable' })
      await own.restart()
      expect(await read(database)).toHaveLength(10)
      await insert(database, 'back')
    })

    test('a server that is read-only is not ready', async () => {
      const { url } = await createDatabase(own)
      const database = await connect(url)
      opened.push(database)
      await expect(database.check()).resolves.toBeUndefined()
      await sql`set global read_only = 1`.execute(database.db)
      expect((await outcome(database.check())).error).toMatchObject({ code: 'database_unavailable' })
    })
  })
})

function dropReplyTo(marker: string) {
  return (bytes: Buffer, link: { dropReply(): void }) => {
    if (bytes.includes(marker)) link.dropReply()
    return undefined
  }
}

async function someoneWaitsForLock(database: Database<Tables>): Promise<void> {
  for (;;) {
    const { rows } = await sql`select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT'`.execute(
      database.db,
    )
    if (rows.length > 0) return
    // The server renews this table only when nobody has read it for 100 ms.
    await delay(120)
  }
}
