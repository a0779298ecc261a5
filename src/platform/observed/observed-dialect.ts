import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type { Observe } from '../../core/index.ts'

/** How the use of a database is observed. */
export type DatabaseObserver = {
  observe: Observe
  /** Told of every wait for a connection, ms. */
  waited?(durationMs: number): void
}

/**
 * A dialect around a dialect: every statement is observed as a call of the database, named by its verb and its table,
 * such as `select pastes`; the wait for a connection is recorded separately.
 */
export function observedDialect(dialect: Dialect, { observe, waited }: DatabaseObserver): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => observedDriver(dialect.createDriver(), observe, waited),
  }
}

function observedDriver(driver: Driver, observe: Observe, waited: DatabaseObserver['waited']): Driver {
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
  // Statements that run often are compiled once, and named once.
  const names = new WeakMap<CompiledQuery['query'], string>()
  const nameOf = (compiled: CompiledQuery) => {
    const name = names.get(compiled.query) ?? operationOf(compiled)
    names.set(compiled.query, name)
    return name
  }
  const innerOf = (connection: DatabaseConnection) => inner.get(connection) ?? connection
  return {
    init: () => driver.init(),
    async acquireConnection() {
      const startedAt = performance.now()
      const connection = await driver.acquireConnection()
      waited?.(performance.now() - startedAt)
      const observed: DatabaseConnection = {
        executeQuery: <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
          observe('database', nameOf(query), () => connection.executeQuery<Row>(query)),
        streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
      }
      inner.set(observed, connection)
      return observed
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(innerOf(connection), settings),
    commitTransaction: (connection) => driver.commitTransaction(innerOf(connection)),
    rollbackTransaction: (connection) => driver.rollbackTransaction(innerOf(connection)),
    releaseConnection: (connection) => driver.releaseConnection(innerOf(connection)),
    destroy: () => driver.destroy(),
  }
}

function operationOf({ query, sql }: CompiledQuery): string {
  const verb = /^(select|insert|update|delete)Query/i.exec(query.kind)?.[1]?.toLowerCase()
  const table = verb && /\b(?:from|into|update)\s+[`"]?(\w+)/i.exec(sql)?.[1]
  return [verb ?? 'other', ...(table ? [table] : [])].join(' ')
}
