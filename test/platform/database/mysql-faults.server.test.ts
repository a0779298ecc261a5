import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OutcomeUnknown } from '../../../src/core/index.ts'
import { patiently } from '../../patience.ts'
import { createDatabase, type SqlServer, startSql, whenService } from '../../services/index.ts'
import { insert, openMysql, outcome, read, useMysqlBehindProxy } from './mysql-behind-proxy.ts'

whenService('sql', ({ sql: server }) => {
  const mysql = useMysqlBehindProxy(server)

  describe('when the network fails', () => {
    test('a write whose answer is lost has an unknown outcome', async () => {
      const database = await mysql.throughProxy()
      await read(database)
      await mysql.proxy.set({ onRequest: dropReplyTo('lost-answer') })
      const { error } = await outcome(insert(database, 'lost-answer'))
      expect(error).toBeInstanceOf(OutcomeUnknown)
      const [rows] = await mysql.direct.query("select slug from notes where slug = 'lost-answer'")
      expect(rows).toHaveLength(1)
    })

    test('a commit whose answer is lost has an unknown outcome', async () => {
      const database = await mysql.throughProxy()
      await read(database)
      await mysql.proxy.set({ onRequest: dropReplyTo('commit') })
      const transaction = database.db
        .transaction()
        .execute((trx) => trx.insertInto('notes').values({ slug: 'lost-end', views: 0 }).execute())
      expect((await outcome(transaction)).error).toBeInstanceOf(OutcomeUnknown)
    })

    test('a write inside a transaction that breaks was not carried out', async () => {
      const database = await mysql.throughProxy()
      await read(database)
      await mysql.proxy.set({ onRequest: dropReplyTo('broken-inside') })
      const transaction = database.db
        .transaction()
        .execute((trx) => trx.insertInto('notes').values({ slug: 'broken-inside', views: 0 }).execute())
      expect((await outcome(transaction)).error).toMatchObject({ code: 'database_unavailable' })
      const [rows] = await mysql.direct.query("select slug from notes where slug = 'broken-inside'")
      expect(rows).toHaveLength(0)
    })

    test('a read is tried again on another connection', async () => {
      const database = await mysql.throughProxy()
      await read(database)
      let isFirst = true
      await mysql.proxy.set({
        onRequest(_bytes, link) {
          if (isFirst) link.reset()
          isFirst = false
          return undefined
        },
      })
      await expect(read(database)).resolves.toBeDefined()
    })

    test('nobody waits longer than 3.5 s for a server that does not answer', async () => {
      const database = await mysql.throughProxy()
      await read(database)
      await mysql.proxy.set({ blackHole: true })
      const [warm, cold] = await Promise.all([outcome(read(database)), outcome(insert(database, 'black-hole'))])
      expect(warm.error).toMatchObject({ code: 'database_unavailable' })
      expect(warm.tookMs).toBeLessThan(patiently(3_500))
      expect(cold.error).toMatchObject({ code: 'database_unavailable' })
      expect(cold.tookMs).toBeLessThan(patiently(3_500))
      await mysql.proxy.set({})
      await expect(read(database)).resolves.toBeDefined()
    })

    test('closing does not wait for a server that does not answer', async () => {
      const database = await openMysql(mysql.url())
      await read(database)
      await mysql.proxy.set({ blackHole: true })
      const { error, tookMs } = await outcome(database.close())
      expect(error).toBeUndefined()
      expect(tookMs).toBeLessThan(patiently(1_500))
    })

    test('a refused connection fails at once, and the next one works', async () => {
      const database = await mysql.throughProxy()
      await mysql.proxy.set({ refuse: true })
      const { error, tookMs } = await outcome(read(database))
      expect(error).toMatchObject({ code: 'database_unavailable' })
      expect(tookMs).toBeLessThan(patiently(500))
      await mysql.proxy.set({})
      await expect(read(database)).resolves.toBeDefined()
    })
  })

  describe('when the server goes away', () => {
    let own: SqlServer
    beforeAll(async () => {
      own = await startSql()
    })
    afterAll(() => own.stop())

    test('statements fail, and work again after its restart', async () => {
      const { url } = await createDatabase(own)
      const database = await openMysql(url)
      mysql.opened.push(database)
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
      const database = await openMysql(url)
      mysql.opened.push(database)
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
