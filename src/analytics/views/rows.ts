import type { Kysely } from 'kysely'
import { type Placeholders, statement } from '../../core/index.ts'
import { HISTORY, type PasteViewsRow, type ViewTables } from './tables.ts'

/** The statements on `paste_views`. All but the list of what is due carry the slug; each is one round trip. */
export type ViewRows = ReturnType<typeof createViewRows>

/** What names one row. */
export type ViewKey = Pick<PasteViewsRow, 'slug' | 'day' | 'replica'>

/** The statements, those that are run often compiled once. They throw as those on pastes do. */
export function createViewRows(db: Kysely<ViewTables>) {
  const find = statement(db, (key: Placeholders<ViewKey>) =>
    db
      .selectFrom('paste_views')
      .select(['entry', 'counters'])
      .where('slug', '=', key.slug)
      .where('day', '=', key.day)
      .where('replica', '=', key.replica),
  )
  const insert = statement(db, (row: Placeholders<PasteViewsRow>) =>
    db.insertInto('paste_views').values({
      slug: row.slug,
      day: row.day,
      replica: row.replica,
      entry: row.entry,
      counters: row.counters,
      version: row.version,
      purge_at: row.purge_at,
    }),
  )
  const update = statement(db, (row: Placeholders<ViewKey & Pick<PasteViewsRow, 'entry' | 'counters'>>) =>
    db
      .updateTable('paste_views')
      .set({ entry: row.entry, counters: row.counters })
      .where('slug', '=', row.slug)
      .where('day', '=', row.day)
      .where('replica', '=', row.replica),
  )
  return {
    find: (key: ViewKey) => find.first(key),
    /** Adds a row; throws DuplicateKey when it is there. */
    insert: (row: PasteViewsRow) => insert.run(row),
    /** Writes a row that this process alone writes; 0 when it is gone. */
    update: (row: ViewKey & Pick<PasteViewsRow, 'entry' | 'counters'>) => update.run(row),
    /** Everything that is kept of a slug. */
    all: (slug: string): Promise<PasteViewsRow[]> =>
      db.selectFrom('paste_views').selectAll().where('slug', '=', slug).execute(),
    /** Changes what is kept of older days, if no other replica has since. */
    async changeHistory(
      slug: string,
      version: number,
      set: Pick<PasteViewsRow, 'counters' | 'purge_at'>,
    ): Promise<boolean> {
      const result = await db
        .updateTable('paste_views')
        .set({ ...set, version: version + 1 })
        .where('slug', '=', slug)
        .where('day', '=', HISTORY.day)
        .where('replica', '=', HISTORY.replica)
        .where('version', '=', version)
        .executeTakeFirst()
      return Number(result.numUpdatedRows) === 1
    },
    async remove({ slug, day, replica }: ViewKey): Promise<void> {
      await db
        .deleteFrom('paste_views')
        .where('slug', '=', slug)
        .where('day', '=', day)
        .where('replica', '=', replica)
        .execute()
    },
    /** Removes everything of a slug. */
    async forget(slug: string): Promise<void> {
      await db.deleteFrom('paste_views').where('slug', '=', slug).execute()
    },
    /** Rows that the sweeper must look at, soonest first. */
    listDue: (now: number, limit: number): Promise<ViewKey[]> =>
      db
        .selectFrom('paste_views')
        .select(['slug', 'day', 'replica'])
        .where('purge_at', '<=', now)
        .orderBy('purge_at')
        .limit(limit)
        .execute(),
  }
}
