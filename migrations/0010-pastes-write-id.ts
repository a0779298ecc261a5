import type { Kysely } from 'kysely'
import { addColumn } from './add-column.ts'
import { columnTypes } from './column-types.ts'

/** The mark of the last write. Null in every row that the former release makes; its edits leave the mark as it is. */
export const up = (db: Kysely<unknown>): Promise<void> => addColumn(db, 'pastes', 'write_id', columnTypes(db).key(32))
