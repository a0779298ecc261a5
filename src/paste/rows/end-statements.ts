import type { Kysely } from 'kysely'
import type { Backlog } from '../../expiry/index.ts'
import type { RemovalReason } from '../model/index.ts'
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

/** The columns the sweeper reads: the row's life, and those of its `end` event. */
export type DueRow = Life & Pick<PasteRow, 'visibility' | 'max_views' | 'size_bytes'>

/** Caps the count: the exact size of a larger backlog is not worth its cost. */
const MOST_COUNTED = 10_000

/** Columns that every end sets. */
export type PasteEnd = Burn & { write_id: string; removal?: RemovalReason }

/** Columns that the last reading sets; its mark is the claim's. */
export type Burn = { end_reason: EndReason; ended_at: number; purge_at: number; garbage: string | null }

/** Columns that every end clears. */
export const CLEARED = {
  body: null,
  frames: Buffer.alloc(0),
  frame_sums: null,
  object_key: null,
  pending_key: null,
  listed_at: null,
  title: null,
  file_name: null,
  upload: null,
} as const satisfies Partial<PasteRow>

/** The columns of a row that its last reading overwrites, with their values: what undoes it. */
export function beforeBurn(row: PasteRow): Partial<PasteRow> {
  const { state, end_reason, ended_at, purge_at, garbage } = row
  const cleared = Object.keys(CLEARED).map((column) => [column, row[column as keyof typeof CLEARED]])
  return { state, end_reason, ended_at, purge_at, garbage, ...Object.fromEntries(cleared) }
}

/** The statements that end a paste and clean it up. */
export function endStatements(db: Kysely<PasteTables>) {
  return {
    /**
     * Ends a row that is unchanged since it was read: of this version and, if given, due at this time. Counts the
     * version up, so that a sweeper with an older copy of the row can't overwrite the garbage of this end.
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
     * Claims a due row for a sweeper, or records its finished work. Compares the version too: an edit may happen to
     * set the same due time as a claim.
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
    /** Deletes an ended row that is due. */
    forget: (slug: string, purgeAt: number) =>
      affected(
        db.deleteFrom('pastes').where('slug', '=', slug).where('state', '=', 'ended').where('purge_at', '=', purgeAt),
      ),
    /** The number of due rows, counted up to {@link MOST_COUNTED}, and when the first became due. */
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
    /** Due rows without bodies, soonest first. */
    listDue: (now: number, limit: number): Promise<DueRow[]> =>
      db.selectFrom('pastes').select(LIFE).where('purge_at', '<=', now).orderBy('purge_at').limit(limit).execute(),
  }
}
