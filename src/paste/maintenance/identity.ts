import type { Kysely } from 'kysely'
import { DuplicateKey } from '../../core/index.ts'
import type { PasteTables } from '../rows/index.ts'

const NAME = 'identity'

/** The identity of a database: random, made by its first backup, kept by a restore; undefined before. */
export async function findIdentity(db: Kysely<PasteTables>): Promise<string | undefined> {
  const row = await db.selectFrom('service_values').select('value').where('name', '=', NAME).executeTakeFirst()
  return row?.value
}

/** The identity of a database; `candidate` where it has none yet. Throws errors of the database. */
export async function giveIdentity(db: Kysely<PasteTables>, candidate: string): Promise<string> {
  const known = await findIdentity(db)
  if (known !== undefined) return known
  try {
    await db.insertInto('service_values').values({ name: NAME, value: candidate }).execute()
  } catch (error) {
    if (!(error instanceof DuplicateKey)) throw error
  }
  return (await findIdentity(db)) ?? candidate
}
