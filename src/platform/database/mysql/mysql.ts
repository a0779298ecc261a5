import { Kysely, sql } from 'kysely'
import type { Logger } from '../../../core/index.ts'
import { type DatabaseObserver, observedDialect } from '../../observed/index.ts'
import { databaseFailure } from '../classify.ts'
import type { Database } from '../database.ts'
import { isMissingDatabase, type SchemaOptions, withSchema } from '../schema/index.ts'
import { isVitess, vitessSteps } from '../vitess/index.ts'
import { createMysqlCheck } from './check.ts'
import { createMysqlDialect } from './dialect.ts'
import { connectionOptions, MIGRATION_LIMITS, type MysqlLimits, mysqlHosts, REQUEST_LIMITS } from './options.ts'
import { createMysqlPool } from './pool.ts'
import { openMysqlSession } from './session.ts'

/** Where the database is and how long it may take. */
export type MysqlOptions = {
  /**
   * `mysql://user:password@host:port/name`; several hosts with the same port may be named, separated by commas, and
   * `?ssl-mode=REQUIRED`, `VERIFY_CA` or `VERIFY_IDENTITY` may follow.
   */
  url: string
  logger: Logger
  /** A uniformly random number in [0, 1), for the pauses between retries. */
  random: () => number
  /** Others than those of a request. */
  limits?: Partial<MysqlLimits>
  /** Observes every statement, but those of migrations. */
  observer?: DatabaseObserver | undefined
  /** When given, statements have to wait for the schema of this release. */
  schema?: SchemaOptions | undefined
}

/**
 * A pool on MySQL, MariaDB or an engine that speaks their protocol. Connects with the first statement, so a server
 * starts while its database is away. What fails leaves as an AppError (`database_unavailable`, `overloaded`,
 * `storage_full`), as DuplicateKey or as OutcomeUnknown; affected rows are the rows that matched.
 */
export async function createMysql<Tables>(options: MysqlOptions): Promise<Database<Tables>> {
  const { dialect, close } = await connect(options, { ...REQUEST_LIMITS, ...options.limits })
  const observed = options.observer ? observedDialect(dialect, options.observer) : dialect
  const { db, bare, schema } = withSchema<Tables>(observed, options)
  const { check, shards } = createMysqlCheck(bare)
  return {
    db,
    schema,
    async forMigration() {
      const patient = await connect(options, MIGRATION_LIMITS)
      const patientDb = new Kysely<Tables>({ dialect: patient.dialect })
      try {
        const made = await makeIfMissing(patientDb, options.url)
        if (made) options.logger.info({ database: made }, 'created the database')
        const steps = (await isVitess(patientDb)) ? vitessSteps(patientDb, options.logger) : {}
        return { db: patientDb, close: patient.close, ...steps }
      } catch (error) {
        await patient.close()
        throw error
      }
    },
    check,
    shards,
    async now() {
      // `now` as the name of a column is a mistake to Vitess.
      const asked = sql<{ time: number }>`select cast(unix_timestamp(now(3)) * 1000 as signed) as time`
      return Number((await asked.execute(bare)).rows[0]?.time)
    },
    close,
  }
}

async function connect({ url, random }: MysqlOptions, limits: MysqlLimits) {
  // Of the default export: Node finds no named export where a CommonJS module defines one as a getter.
  const { TypedParameter: typed } = (await import('mysql2')).default
  const pool = await createMysqlPool(url, limits)
  const dialect = createMysqlDialect(() => openMysqlSession({ pool, limits, typed, random }))
  return { dialect, close: pool.end }
}

/** Makes the database that the URL names, if there is none and the user may; gives its name if it was made. */
async function makeIfMissing<Tables>(db: Kysely<Tables>, url: string): Promise<string | undefined> {
  try {
    await sql`select 1`.execute(db)
    return undefined
  } catch (error) {
    if (!isMissingDatabase(error)) throw error
  }
  const { createConnection, escapeId } = await import('mysql2/promise')
  const server = new URL(url)
  const name = decodeURIComponent(server.pathname.slice(1))
  server.pathname = ''
  try {
    const connection = await createConnection({
      ...connectionOptions(server.href, mysqlHosts(url)),
      connectTimeout: MIGRATION_LIMITS.connectMs,
    })
    try {
      await connection.query(
        `create database if not exists ${escapeId(name)} character set utf8mb4 collate utf8mb4_bin`,
      )
    } finally {
      connection.destroy()
    }
  } catch (error) {
    throw databaseFailure(error, { sent: false, writes: false })
  }
  return name
}
