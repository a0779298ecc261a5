import type { Kysely } from 'kysely'
import { addColumn } from './add-column.ts'
import { columnTypes } from './column-types.ts'

/** Why an operator removed a paste. Null for every other row; the former release answers 410 `deleted` for it. */
export const up = (db: Kysely<unknown>): Promise<void> => addColumn(db, 'pastes', 'removal', columnTypes(db).key(32))
