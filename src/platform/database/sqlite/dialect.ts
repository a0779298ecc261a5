import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { databaseFailure } from '../classify.ts'
import type { SqliteEngine } from './engine.ts'

/** Kysely's view of the engine. Its own SQLite dialect has a mutex around the connection and a commit for each write. */
export function createSqliteDialect(engine: SqliteEngine): Dialect {
  return {
    createAdapter: () => new GroupCommitAdapter(),
    createDriver: () => createDriver(engine),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class GroupCommitAdapter extends SqliteAdapter {
  /** The engine lets any number of callers in, so Kysely need not queue them. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function createDriver(engine: SqliteEngine): Driver {
  const inTransaction = new WeakSet<DatabaseConnection>()

  function createConnection(): DatabaseConnection {
    const connection: DatabaseConnection = {
      async executeQuery<Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
        try {
          const result = inTransaction.has(connection)
            ? engine.executeInTransaction(sql, parameters)
            : await engine.execute(sql, parameters)
          return result as QueryResult<Row>
        } catch (error) {
          throw databaseFailure(error, FATE)
        }
      },
      async *streamQuery(query) {
        yield await connection.executeQuery(query)
      },
    }
    return connection
  }

  async function end(connection: DatabaseConnection, how: 'commit' | 'rollback'): Promise<void> {
    try {
      engine.end(how)
      inTransaction.delete(connection)
    } catch (error) {
      throw databaseFailure(error, FATE)
    }
  }

  return {
    init: async () => {},
    acquireConnection: async () => createConnection(),
    async beginTransaction(connection) {
      try {
        await engine.begin()
        inTransaction.add(connection)
      } catch (error) {
        throw databaseFailure(error, FATE)
      }
    },
    commitTransaction: (connection) => end(connection, 'commit'),
    rollbackTransaction: (connection) => end(connection, 'rollback'),
    releaseConnection: async () => {},
    destroy: async () => engine.finish(),
  }
}

/** A file always answers, so no outcome is ever unknown. */
const FATE = { sent: false, writes: false }
