import type { Kysely } from 'kysely'
import { addColumn } from './add-column.ts'
import { columnTypes } from './column-types.ts'

/** What is there of an upload in parts. Null for every row that the former release makes. */
export const up = (db: Kysely<unknown>): Promise<void> => addColumn(db, 'pastes', 'upload', columnTypes(db).blob)
