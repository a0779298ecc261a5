import type { Kysely } from 'kysely'
import { addColumn } from './add-column.ts'
import { columnTypes } from './column-types.ts'

/** Checksums of the frames of a paste's object. Null for every row that the former release makes. */
export const up = (db: Kysely<unknown>): Promise<void> => addColumn(db, 'pastes', 'frame_sums', columnTypes(db).blob)
