import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { QueryResult } from 'kysely'
import { LRUCache } from 'lru-cache'

/** A prepared statement and what is known of it. */
export type PreparedStatement = {
  /** Whether it returns no rows, so that it has to wait for a commit. */
  writes: boolean
  /** Runs it now. Throws the errors of `node:sqlite`. */
  run(parameters: readonly unknown[]): QueryResult<unknown>
}

/** Prepares statements and keeps the `capacity` last used ones. */
export function createStatementCache(database: DatabaseSync, capacity: number) {
  const statements = new LRUCache<string, PreparedStatement>({ max: capacity })
  return {
    /** The statement for this SQL text; throws for wrong SQL. */
    get(sql: string): PreparedStatement {
      const known = statements.get(sql)
      if (known) return known
      const made = prepare(database.prepare(sql))
      statements.set(sql, made)
      return made
    },
    /** Forgets them all, because the schema may have changed. */
    clear: () => statements.clear(),
  }
}

function prepare(statement: StatementSync): PreparedStatement {
  const columns = statement.columns()
  if (columns.length === 0)
    return {
      writes: true,
      run(parameters) {
        const { changes, lastInsertRowid } = statement.run(...bindable(parameters))
        return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
      },
    }
  // Computed columns have no declared type, so any value may turn up there.
  const binary = columns.filter(({ type }) => type === null || type === 'BLOB').map(({ name }) => name)
  return {
    writes: false,
    run(parameters) {
      const rows = statement.all(...bindable(parameters)) as Record<string, unknown>[]
      for (const row of rows) for (const name of binary) row[name] = asBuffer(row[name])
      return { rows }
    },
  }
}

function asBuffer(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

/** SQLite has no booleans; everything else that it can't bind is refused by `node:sqlite` itself. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  const values = parameters as SQLInputValue[]
  return parameters.some((value) => typeof value === 'boolean')
    ? parameters.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)))
    : values
}
