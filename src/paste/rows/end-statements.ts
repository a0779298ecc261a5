import type { Kysely } from 'kysely'
import type { Backlog } from '../../expiry/index.ts'
import { affected } from './affected-rows.ts'
import type { Life } from './life.ts'
import type { EndReason, PasteRow, PasteTables } from './tables.ts'

const LIFE = [
  'slug',
  'state',
  'version',
  'end_reason',
  'expires_at',
  'ended_at',
  'purge_at',
  'object_key',
  'pending_key',
  'garbage',
  'visibility',
  'max_views',
  'size_bytes',
] as const satisfies (keyof DueRow)[]

/** What the sweeper knows of a row: its life, and what it says of it to others. */
export type DueRow = Life & Pick<PasteRow, 'visibility' | 'max_views' | 'size_bytes'>

/** More rows than that are a backlog of which nobody wants to know the exact size. */
const MOST_COUNTED = 10_000

/** What an end writes. */
export type PasteEnd = { end_reason: EndReason; ended_at: number; purge_at: number; garbage: string | null }

/** What an ended row no longer knows. */
export const CLEARED = {
  body: null,
  frames: Buffer.alloc(0),
  object_key: null,
  pending_key: null,
  listed_at: null,
  title: null,
  file_name: null,
  upload: null,
} as const satisfies Partial<PasteRow>

/** The statements by which a paste ends and is cleaned up. */
export function endStatements(db: Kysely<PasteTables>) {
  return {
    /**
     * Ends a row that is still as it was read: of this version, and, where that is given, due at this time. Counts the
     * version up, so that a sweeper that has the row in its hands does not take the end's garbage for its own.
     */
    end: (slug: string, from: 'live' | 'uploading', end: PasteEnd, guard: { version: number; purge_at?: number }) =>
      affected(
        db
          .updateTable('pastes')
          .set({ ...end, ...CLEARED, state: 'ended', version: guard.version + 1 })
          .where('slug', '=', slug)
          .where('state', '=', from)
          .where('version', '=', guard.version)
          .$if(guard.purge_at !== undefined, (query) => query.where('purge_at', '=', guard.purge_at ?? 0)),
      ),
    /**
     * Moves a due row on: the claim of the sweeper, and the end of its work. The version too must be as it was read:
     * an edit may happen to give the row the very time that a claim gave it.
     */
    moveOn: (
      { slug, version }: Pick<PasteRow, 'slug' | 'version'>,
      purgeAt: number,
      set: Partial<Pick<PasteRow, 'purge_at' | 'garbage' | 'pending_key'>>,
    ) =>
      affected(
        db
          .updateTable('pastes')
          .set(set)
          .where('slug', '=', slug)
          .where('version', '=', version)
          .where('purge_at', '=', purgeAt),
      ),
    /** Deletes an ended row that is due. Nothing is decided by how many rows it says. */
    forget: (slug: string, purgeAt: number) =>
      affected(
        db.deleteFrom('pastes').where('slug', '=', slug).where('state', '=', 'ended').where('purge_at', '=', purgeAt),
      ),
    /** How many rows are due, counted up to {@link MOST_COUNTED}, and since when the first is. */
    async backlog(now: number): Promise<Backlog> {
      const due = db
        .selectFrom('pastes')
        .select('purge_at')
        .where('purge_at', '<=', now)
        .orderBy('purge_at')
        .limit(MOST_COUNTED)
      const found = await db
        .selectFrom(due.as('due'))
        .select(({ fn }) => [fn.countAll<number>().as('items'), fn.min<number | null>('purge_at').as('oldest')])
        .executeTakeFirst()
      return { items: Number(found?.items ?? 0), oldestAt: found?.oldest ?? null }
    },
    /** Rows that the sweeper must look at, soonest first, without bodies. */
    listDue: (now: number, limit: number): Promise<DueRow[]> =>
      db.selectFrom('pastes').select(LIFE).where('purge_at', '<=', now).orderBy('purge_at').limit(limit).execute(),
  }
}
