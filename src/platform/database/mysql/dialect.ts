import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
  sql,
} from 'kysely'
import type { ResultSetHeader } from 'mysql2'
import type { MysqlSession } from './session.ts'

/** Kysely's view of our pool. Its own MySQL driver knows no deadlines and retries nothing. */
export function createMysqlDialect(open: () => Promise<MysqlSession>): Dialect {
  return {
    createAdapter: () => new LockingAdapter(),
    createDriver: () => createDriver(open),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  }
}

const LOCK_WAIT_SECONDS = 60
/**
 * The server's locks have no database; their names have at most 64 characters. MySQL 9.7 has no `sha1()`, which former
 * releases name their lock by: one of them that migrates at the same moment is not kept out. The two then carry out the
 * same steps, each of which may be repeated, and `migrate` begins again where the other has just noted a step.
 */
const LOCK_NAME = sql`sha2(concat(database(), '.migrations'), 256)`

class LockingAdapter extends MysqlAdapter {
  /** Kysely's own version ignores the answer and continues without the lock. */
  override async acquireMigrationLock(db: Kysely<unknown>): Promise<void> {
    const { rows } = await sql<
      Record<string, number | null>
    >`select get_lock(${LOCK_NAME}, ${sql.lit(LOCK_WAIT_SECONDS)}) as locked`.execute(db)
    // By its place: Vitess gives this column the name of the whole expression, whatever its alias.
    const [locked] = Object.values(rows[0] ?? {})
    if (locked !== 1) throw new Error('another process has been migrating this database for a minute')
  }

  override async releaseMigrationLock(db: Kysely<unknown>): Promise<void> {
    await sql`select release_lock(${LOCK_NAME})`.execute(db)
  }
}

type SessionConnection = DatabaseConnection & { session: MysqlSession }

function createDriver(open: () => Promise<MysqlSession>): Driver {
  const sessionOf = (connection: DatabaseConnection) => (connection as SessionConnection).session
  return {
    init: async () => {},
    acquireConnection: async () => createConnection(await open()),
    beginTransaction: (connection) => sessionOf(connection).transaction('begin'),
    commitTransaction: (connection) => sessionOf(connection).transaction('commit'),
    rollbackTransaction: (connection) => sessionOf(connection).transaction('rollback'),
    releaseConnection: async (connection) => sessionOf(connection).release(),
    // The pool is ended by who made it: Kysely forgets to when no statement has run.
    destroy: async () => {},
  }
}

function createConnection(session: MysqlSession): SessionConnection {
  const connection: SessionConnection = {
    session,
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const result = await session.run(query.sql, query.parameters, !isRead(query))
      if (Array.isArray(result)) return { rows: result as Row[] }
      const { affectedRows, insertId } = result as ResultSetHeader
      return { rows: [], numAffectedRows: BigInt(affectedRows), insertId: BigInt(insertId) }
    },
    async *streamQuery(query) {
      yield await connection.executeQuery(query)
    },
  }
  return connection
}

function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*(select|show|explain)\b/i.test(sql))
}
