import type { FieldPacket, PoolConnection, QueryResult, TypedParameter } from 'mysql2'
import { later } from '../../../core/index.ts'
import { leadsToVitess } from '../vitess/index.ts'
import { driverError } from './pool.ts'

/** Rows, or what a statement without rows changed. */
export type MysqlResult = QueryResult

const VAR_STRING = 253
const BINARY_CHARACTER_SET = 63

/** One statement, and mysql2's own constructor of numbers, which is loaded late. */
export type Question = {
  sql: string
  parameters: readonly unknown[]
  writes: boolean
  typed: TypedParameter
  withinMs: number
}

/**
 * Sends one statement and waits at most `withinMs`. VARBINARY comes back as text, because it holds our names and
 * hashes; BLOBs are Buffers. Throws the driver's errors, or QUERY_TIMEOUT, after which the connection is of no use.
 */
export function ask(connection: PoolConnection, question: Question): Promise<MysqlResult> {
  const { sql, parameters, writes, typed, withinMs } = question
  return new Promise((resolve, reject) => {
    const deadline = later(
      () => reject(driverError('QUERY_TIMEOUT', 'the statement took too long')),
      Math.max(withinMs, 0),
    )
    const answer = (error: Error | null, result: MysqlResult, fields: FieldPacket[] | undefined) => {
      clearTimeout(deadline)
      // mysql2 names the statement in the error: with its values where it wrote them into it.
      if (error) return reject(Object.assign(error, 'sql' in error && { sql }))
      if (fields) binaryToText(result as Record<string, unknown>[], fields)
      resolve(result)
    }
    // Not every statement can be prepared, but those without parameters need not be.
    if (parameters.length === 0) connection.query(sql, answer)
    // To prepare a read, vtgate asks any shard for its columns: one that the row is not on, and that may be down.
    else if (!writes && leadsToVitess(connection)) connection.query(sql, parameters as never[], answer)
    else connection.execute(sql, parameters.map((value) => toWire(value, typed)) as never[], answer)
  })
}

/** mysql2 sends numbers as DOUBLE, which MySQL refuses in LIMIT and compares inexactly. */
function toWire(value: unknown, typed: TypedParameter): unknown {
  return Number.isSafeInteger(value) ? typed.BIGINT(value as number) : value
}

/** In place, after the fact: mysql2's `typeCast` hook costs 10 µs more for a row of 34 columns. */
function binaryToText(rows: Record<string, unknown>[], fields: FieldPacket[]): void {
  for (const { name, columnType, characterSet } of fields) {
    if (columnType !== VAR_STRING || characterSet !== BINARY_CHARACTER_SET) continue
    for (const row of rows) {
      const value = row[name]
      if (value instanceof Buffer) row[name] = value.toString('utf8')
    }
  }
}
