import { createServer } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMysql } from '../../../src/platform/database/index.ts'
import { until } from '../../blackbox/client.ts'
import { createDatabase, type Database, whenService } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

const NOBODY = '127.0.0.9'
const SILENT = '127.0.0.8'

whenService('sql', ({ sql: server }) => {
  describe('a database whose address names several servers', () => {
    let database: Database
    beforeAll(async () => {
      database = await createDatabase(server)
    })
    afterAll(() => database.drop())

    const openAt = (hosts: string) => {
      const url = database.url.replace('127.0.0.1', hosts)
      return createMysql({ url, logger: silentLogger, random: Math.random, limits: { connectMs: 300 } })
    }
    const select = async ({ db }: { db: Parameters<ReturnType<typeof sql>['execute']>[0] }) =>
      (await sql<{ one: number }>`select 1 as one`.execute(db)).rows

    test('is there while one of them is', async () => {
      const opened = await openAt(`${NOBODY},localhost`)
      expect(await select(opened)).toEqual([{ one: 1 }])
      await opened.close()
    })

    test('does not keep asking one that accepts connections and says nothing', async () => {
      const silent = createServer()
      await new Promise<void>((resolve) => silent.listen(server.port, SILENT, resolve))
      const opened = await openAt(`${SILENT},127.0.0.1`)
      const answer = await until(
        () => select(opened).catch((error: { code: string }) => error.code),
        (rows) => Array.isArray(rows),
      )
      expect(answer).toEqual([{ one: 1 }])
      await opened.close()
      silent.close()
    })

    test('is unavailable when none of them is there', async () => {
      const opened = await openAt(`${NOBODY},nobody.invalid`)
      await expect(select(opened)).rejects.toMatchObject({ code: 'database_unavailable' })
      await opened.close()
    })
  })
})
