import type { Kysely } from 'kysely'
import { affected } from './affected.ts'
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
] as const satisfies (keyof Life)[]

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
    /** Rows that the sweeper must look at, soonest first, without bodies. */
    listDue: (now: number, limit: number): Promise<Life[]> =>
      db.selectFrom('pastes').select(LIFE).where('purge_at', '<=', now).orderBy('purge_at').limit(limit).execute(),
  }
}
