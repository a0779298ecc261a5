import type { Kysely } from 'kysely'
import { addColumn } from './add-column.ts'
import { columnTypes } from './column-types.ts'

/** The mark of the request that owns the key. Null in every row that the former release makes. */
export const up = (db: Kysely<unknown>): Promise<void> =>
  addColumn(db, 'idempotency_keys', 'write_id', columnTypes(db).key(32))
