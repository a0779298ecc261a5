import type { Kysely } from 'kysely'
import { type Clock, DuplicateKey, type RandomSource } from '../../core/index.ts'
import { DAY_MS, dayOf, type ViewTables } from './tables.ts'

/** The secrets under which visitors and slugs are hashed. All replicas on a database have the same. */
export type Salts = {
  /** The salt of a day, 43 characters; of a day that wasn't loaded, one that this process has alone. */
  ofDay(day: number): string
  /** Grows whenever another salt holds than before: what was hashed then is out of date. */
  changes(): number
  /** The key for slugs that aren't public, 43 characters. */
  slugKey(): string
  /**
   * Makes sure that those of today and tomorrow are known, and forgets those of more than a day ago, here and in the
   * database. Costs nothing while there is nothing to do. Throws what the database does.
   */
  refresh(): Promise<void>
}

const SECRET_BYTES = 32
const SLUG_KEY = 'slug-key'
const FOR_EVER = Number.MAX_SAFE_INTEGER

/**
 * Secrets that the first replica which needs one makes for all. A day's salt is there until a day after it ended: once
 * it is gone, a hash cannot be traced to an address any more, not even by trying all addresses.
 */
export function createSalts(db: Kysely<ViewTables>, deps: { clock: Clock; random: RandomSource }): Salts {
  const secret = () => deps.random.bytes(SECRET_BYTES).toString('base64url')
  // While the database is away counting continues: one visitor may count as two.
  const own = secret()
  const salts = new Map<number, string>()
  let slugKey: string | undefined
  let forgottenOn = 0
  let changes = 0

  async function share(name: string, dueAt: number): Promise<string> {
    const find = () => db.selectFrom('analytics_values').select('value').where('name', '=', name).executeTakeFirst()
    const known = await find()
    if (known) return known.value
    const value = secret()
    try {
      await db.insertInto('analytics_values').values({ name, value, due_at: dueAt }).execute()
      return value
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error
      return (await find())?.value ?? value
    }
  }

  return {
    ofDay: (day) => salts.get(day) ?? `${own}${day}`,
    changes: () => changes,
    slugKey: () => slugKey ?? own,
    async refresh() {
      const now = deps.clock.now()
      const today = dayOf(now)
      for (const day of salts.keys()) if (day < today - 1) salts.delete(day)
      slugKey ??= await share(SLUG_KEY, FOR_EVER)
      for (const day of [today, today + 1]) {
        if (salts.has(day)) continue
        salts.set(day, await share(`salt-${day}`, (day + 2) * DAY_MS))
        changes++
      }
      if (forgottenOn === today) return
      await db.deleteFrom('analytics_values').where('name', 'like', 'salt-%').where('due_at', '<=', now).execute()
      forgottenOn = today
    },
  }
}
