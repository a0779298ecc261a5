import { setTimeout as delay } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import type { Database } from '../../../src/platform/database/index.ts'
import { patiently } from '../../patience.ts'
import { whenService } from '../../services/index.ts'
import { type NoteTables, outcome, read, useMysqlBehindProxy } from './mysql-behind-proxy.ts'

whenService('sql', ({ sql: server }) => {
  const mysql = useMysqlBehindProxy(server)

  describe('when there is too much to do', () => {
    test('who gets no connection in time hears overloaded, and later ones get one', async () => {
      const database = await mysql.throughProxy({ connections: 2, acquireMs: 100 })
      const both = (statement: RawBuilder<unknown>) => Promise.all([1, 2].map(() => statement.execute(database.db)))
      // Connecting may take longer than 100 ms.
      await vi.waitFor(() => both(sql`select sleep(0.01)`), { timeout: patiently(8_000) })
      await mysql.direct.query("select get_lock('crowded', 0)")
      const slow = both(sql`select get_lock('crowded', 10), release_lock('crowded')`)
      const { error } = await outcome(read(database))
      await mysql.direct.query("select release_lock('crowded')")
      expect(error).toMatchObject({ code: 'overloaded' })
      await slow
      await expect(read(database)).resolves.toBeDefined()
    })

    test('who would wait behind too many others is refused at once', async () => {
      const database = await mysql.throughProxy({ connections: 1, waiters: 2, acquireMs: patiently(1_000) })
      const slow = sql`select sleep(0.3)`.execute(database.db)
      const waiters = [1, 2].map(() => read(database))
      const { error, tookMs } = await outcome(read(database))
      expect(error).toMatchObject({ code: 'overloaded' })
      expect(tookMs).toBeLessThan(patiently(100))
      await Promise.all([slow, ...waiters])
    })

    test('those who gave up waiting leave no room for others, who are refused at once', async () => {
      const database = await mysql.throughProxy({ connections: 1, waiters: 2, acquireMs: 20 })
      await mysql.proxy.set({ blackHole: true })
      const errors = []
      while (errors.length < 5) errors.push((await outcome(read(database))).error)
      expect(errors[0]).toMatchObject({ code: 'database_unavailable' })
      expect(errors.at(-1)).toMatchObject({ code: 'overloaded' })
    })

    test('a statement that takes too long is cut off', async () => {
      const database = await mysql.throughProxy({ statementMs: 300 })
      const { error, tookMs } = await outcome(sql`select sleep(5)`.execute(database.db))
      expect(error).toMatchObject({ code: 'database_unavailable' })
      expect(tookMs).toBeLessThan(patiently(1_000))
    })

    test('the loser of a deadlock is tried again', async () => {
      const database = await mysql.throughProxy()
      await mysql.direct.query("insert into notes values ('dead-a', 0), ('dead-b', 0)")
      // InnoDB lets the transaction live that has changed more rows, so the single statement has to lose.
      await mysql.direct.query('begin')
      await mysql.direct.query(
        `insert into notes values ${Array.from({ length: 50 }, (_, index) => `('row-${index}', 0)`)}`,
      )
      await mysql.direct.query("update notes set views = views + 1 where slug = 'dead-b'")
      const single = sql`update notes set views = views + 1 where slug in ('dead-a', 'dead-b')`.execute(database.db)
      const watcher = await mysql.throughProxy()
      await someoneWaitsForLock(watcher)
      await mysql.direct.query("update notes set views = views + 1 where slug = 'dead-a'")
      await mysql.direct.query('commit')
      expect((await single).numAffectedRows).toBe(2n)
      const [rows] = await mysql.direct.query("select views from notes where slug like 'dead-%'")
      expect(rows).toEqual([{ views: 2 }, { views: 2 }])
    })
  })
})

async function someoneWaitsForLock(database: Database<NoteTables>): Promise<void> {
  for (;;) {
    const { rows } = await sql`select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT'`.execute(
      database.db,
    )
    if (rows.length > 0) return
    // The server renews this table only when nobody has read it for 100 ms.
    await delay(120)
  }
}
