import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createMysql, type Database } from '../../../src/platform/database/index.ts'
import { createDatabase, type FaultProxy, type SqlCoordinates, startFaultProxy } from '../../services/index.ts'
import { silentLogger } from '../silent-logger.ts'

/** The table of these tests. */
export type NoteTables = { notes: { slug: string; views: number } }

/** Opens the database at a URL as the service does; whoever opens it closes it. */
export const openMysql = (url: string, limits = {}) =>
  createMysql<NoteTables>({ url, logger: silentLogger, random: Math.random, limits })

/**
 * A database of its own with the table `notes`, behind a proxy that is healthy again after each test. What is opened
 * through it, or added to `opened`, is closed after the test.
 */
export function useMysqlBehindProxy(sql: SqlCoordinates) {
  let home: { url: string; name: string; drop(): Promise<void> }
  let parts: { proxy: FaultProxy; direct: Connection } | undefined
  const opened: Database<NoteTables>[] = []
  const started = () => {
    if (!parts) throw new Error('the database is there only during tests')
    return parts
  }

  beforeAll(async () => {
    home = await createDatabase(sql)
    const direct = await createConnection(home.url)
    await direct.query('create table notes (slug varbinary(64) primary key, views int not null)')
    parts = { direct, proxy: await startFaultProxy(sql.port) }
  })
  afterEach(async () => {
    await started().proxy.set({})
    await Promise.all(opened.splice(0).map((database) => database.close()))
  })
  afterAll(async () => {
    await started().proxy.stop()
    await started().direct.end()
    await home.drop()
  })

  const url = () => `mysql://root@127.0.0.1:${started().proxy.port}/${home.name}`
  return {
    get proxy() {
      return started().proxy
    },
    /** A connection past the proxy. */
    get direct() {
      return started().direct
    },
    opened,
    url,
    async throughProxy(limits = {}): Promise<Database<NoteTables>> {
      const database = await openMysql(url(), limits)
      opened.push(database)
      return database
    },
  }
}

/** Adds a note. */
export const insert = (database: Database<NoteTables>, slug: string) =>
  database.db.insertInto('notes').values({ slug, views: 0 }).execute()

/** Reads all notes. */
export const read = (database: Database<NoteTables>) => database.db.selectFrom('notes').selectAll().execute()

/** How a statement failed, if it did, and when. */
export async function outcome(statement: Promise<unknown>) {
  const startedAt = performance.now()
  const error = await statement.then(
    () => undefined,
    (reason: { code: string }) => reason,
  )
  return { error, tookMs: performance.now() - startedAt }
}
