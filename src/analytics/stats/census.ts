import type { Kysely } from 'kysely'
import { type Clock, DuplicateKey, type Logger, settledWithin } from '../../core/index.ts'
import type { ViewTables } from '../views/index.ts'

/** What the service holds, and when that was counted (epoch ms). */
export type Census = { live: number; contentBytes: number; storedBytes: number; countedAt: number }

/** What a census needs. `count` walks over all pastes, which may take minutes; it runs at one replica at a time. */
export type CensusDeps = {
  db: Kysely<ViewTables>
  clock: Clock
  logger: Logger
  count(): Promise<Omit<Census, 'countedAt'>>
}

const NAME = 'census'
/** While one replica counts, the others don't. */
const LEASE_MS = 600_000
const SHORTEST_MS = 5_000
/** Of all time, at most a fiftieth is spent on counting. */
const REST_FACTOR = 49
/** A small service is counted before anybody notices. */
const PATIENCE_MS = 30

/**
 * The last census, shared by all replicas. Whoever asks for one that is out of date has it taken, and waits for it no
 * longer than 30 ms; without a question nothing is counted. Null: there is none yet. Throws what the database does.
 */
export function createCensus({ db, clock, logger, count }: CensusDeps): { read(): Promise<Census | null> } {
  let counting: Promise<void> | undefined

  const find = () =>
    db.selectFrom('analytics_values').select(['value', 'due_at']).where('name', '=', NAME).executeTakeFirst()

  async function claim(isThere: boolean, now: number): Promise<boolean> {
    const due_at = now + LEASE_MS
    try {
      if (!isThere) await db.insertInto('analytics_values').values({ name: NAME, value: '', due_at }).execute()
    } catch (error) {
      if (error instanceof DuplicateKey) return false
      throw error
    }
    if (!isThere) return true
    const query = db.updateTable('analytics_values').set({ due_at }).where('name', '=', NAME).where('due_at', '<=', now)
    return Number((await query.executeTakeFirst()).numUpdatedRows) === 1
  }

  async function take(isThere: boolean): Promise<void> {
    const startedAt = clock.now()
    if (!(await claim(isThere, startedAt))) return
    const counted = await count()
    const now = clock.now()
    const value = JSON.stringify({ ...counted, countedAt: startedAt })
    const due_at = now + Math.max(SHORTEST_MS, REST_FACTOR * (now - startedAt))
    await db.updateTable('analytics_values').set({ value, due_at }).where('name', '=', NAME).execute()
  }

  return {
    async read() {
      const known = await find()
      if (known !== undefined && known.due_at > clock.now()) return parse(known.value)
      counting ??= take(known !== undefined)
        .catch((error) => logger.warn({ err: error }, 'the pastes could not be counted'))
        .finally(() => {
          counting = undefined
        })
      const isCounted = await settledWithin(counting, PATIENCE_MS)
      return parse((isCounted ? await find() : known)?.value)
    },
  }
}

function parse(value = ''): Census | null {
  return value === '' ? null : (JSON.parse(value) as Census)
}
