import type { Kysely } from 'kysely'
import { AppError, type Clock, inBackground, type RandomSource } from '../core/index.ts'
import type { RemovalReason } from '../paste/index.ts'
import { createHashSet, type HashSet } from './hash-set.ts'
import type { ModerationTables } from './tables.ts'

/** The contents that are not taken, the same at every replica. */
export type Denied = {
  /** Throws `denied` for content with this SHA-256 (lower-case hex). */
  refuse(sha256: string): Promise<void>
  /** Denies content; every replica knows within some seconds, this one at once. */
  add(sha256: string, reason: RemovalReason): Promise<void>
  /** Takes it back; false where it was not denied. */
  remove(sha256: string): Promise<boolean>
}

/** How long a replica trusts what it knows, ms. */
const TRUSTED_MS = 4_000
const PAGE = 5_000
/** The row of `service_values` whose text changes with the list, so that an unchanged list costs one row to look at. */
const VERSION = 'denied_content'

/** Keeps the list in `denied_content`, and what a create asks in memory: 16 bytes for each content. */
export function createDenied(db: Kysely<ModerationTables>, deps: { clock: Clock; random: RandomSource }): Denied {
  let known: HashSet = createHashSet()
  let version = ''
  let lookAt = Number.NEGATIVE_INFINITY

  async function look(): Promise<void> {
    lookAt = deps.clock.now() + TRUSTED_MS
    const row = await db.selectFrom('service_values').select('value').where('name', '=', VERSION).executeTakeFirst()
    const now = row?.value ?? ''
    if (now === version) return
    known = await readAll()
    version = now
  }

  async function readAll(): Promise<HashSet> {
    const all = createHashSet()
    for (let after = ''; ; ) {
      const query = db.selectFrom('denied_content').select('sha256').where('sha256', '>', after)
      const page = await query.orderBy('sha256').limit(PAGE).execute()
      for (const { sha256 } of page) all.add(sha256)
      after = page.at(-1)?.sha256 ?? ''
      if (page.length < PAGE) return all
    }
  }

  /** Notes that the list has changed, and reads it here at once. */
  async function changed(): Promise<void> {
    const value = deps.random.bytes(12).toString('hex')
    const note = await db.updateTable('service_values').set({ value }).where('name', '=', VERSION).executeTakeFirst()
    if (note.numUpdatedRows === 0n) await db.insertInto('service_values').values({ name: VERSION, value }).execute()
    await look()
  }

  inBackground(look, () => {})
  return {
    async refuse(sha256) {
      if (deps.clock.now() >= lookAt) inBackground(look, () => {})
      if (!known.has(sha256)) return
      const find = db.selectFrom('denied_content').select('reason').where('sha256', '=', sha256)
      const row = await find.executeTakeFirst()
      if (row === undefined) return
      throw new AppError('denied', {
        detail: 'The operator of this service removed this content and takes it no more.',
        members: { reason: row.reason },
      })
    },
    async add(sha256, reason) {
      const there = db.selectFrom('denied_content').select('sha256').where('sha256', '=', sha256)
      if ((await there.executeTakeFirst()) !== undefined) return
      await db.insertInto('denied_content').values({ sha256, reason, created_at: deps.clock.now() }).execute()
      await changed()
    },
    async remove(sha256) {
      const { numDeletedRows } = await db.deleteFrom('denied_content').where('sha256', '=', sha256).executeTakeFirst()
      if (numDeletedRows === 0n) return false
      await changed()
      return true
    },
  }
}
