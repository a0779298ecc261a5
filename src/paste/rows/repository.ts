import type { Kysely } from 'kysely'
import { type Placeholders, statement } from '../../core/index.ts'
import { affected } from './affected-rows.ts'
import { endStatements } from './end-statements.ts'
import type { PasteRow, PasteTables } from './tables.ts'

/** The statements on `pastes`. Each touches one slug, but for the two lists; each is one round trip. */
export type PasteRepository = ReturnType<typeof createPasteRepository>

/**
 * Compiles the frequent statements once. All throw `database_unavailable`, `overloaded`, `storage_full`; inserts throw
 * DuplicateKey; writes throw OutcomeUnknown when their answer was lost. Returned numbers count matched rows.
 */
export function createPasteRepository(db: Kysely<PasteTables>) {
  const insert = statement(db, (row: Placeholders<PasteRow>) =>
    db.insertInto('pastes').values({
      slug: row.slug,
      kind: row.kind,
      state: row.state,
      end_reason: row.end_reason,
      version: row.version,
      created_at: row.created_at,
      updated_at: row.updated_at,
      expires_at: row.expires_at,
      ended_at: row.ended_at,
      purge_at: row.purge_at,
      listed_at: row.listed_at,
      visibility: row.visibility,
      title: row.title,
      language: row.language,
      file_name: row.file_name,
      edit_token_hash: row.edit_token_hash,
      burn_after_reading: 0,
      max_views: row.max_views,
      views: row.views,
      claim_id: row.claim_id,
      claimed_at: row.claimed_at,
      encoding: row.encoding,
      size_bytes: row.size_bytes,
      stored_bytes: row.stored_bytes,
      sha256: row.sha256,
      line_count: row.line_count,
      utf8: row.utf8,
      media_type: row.media_type,
      frames: row.frames,
      frame_sums: row.frame_sums,
      body: row.body,
      object_key: row.object_key,
      pending_key: row.pending_key,
      garbage: row.garbage,
      upload: row.upload,
      write_id: row.write_id,
      removal: row.removal,
    }),
  )
  const find = statement(db, (by: Placeholders<{ slug: string }>) =>
    db.selectFrom('pastes').selectAll().where('slug', '=', by.slug),
  )
  return {
    /** Adds a row; throws DuplicateKey when the slug has one. */
    insert: (row: PasteRow) => insert.run(row),
    find: (slug: string) => find.first({ slug }),

    /** Changes an upload's row; 0: its lease was lost. */
    changeUpload: (slug: string, key: string, set: Partial<PasteRow>) =>
      affected(
        db
          .updateTable('pastes')
          .set(set)
          .where('slug', '=', slug)
          .where('state', '=', 'uploading')
          .where('object_key', '=', key),
      ),
    /** Frees the slug of an unfinished upload. */
    release: (slug: string, key: string) =>
      affected(
        db.deleteFrom('pastes').where('slug', '=', slug).where('state', '=', 'uploading').where('object_key', '=', key),
      ),

    /**
     * Changes columns of a live row of this version and counts the version up; 0: the row has changed. `pendingKey`:
     * the mark of the edit that this finishes, which must still stand.
     */
    change: (slug: string, version: number, set: Partial<PasteRow>, pendingKey?: string) =>
      affected(
        db
          .updateTable('pastes')
          .set({ ...set, version: version + 1 })
          .where('slug', '=', slug)
          .where('version', '=', version)
          .where('state', '=', 'live')
          .$if(pendingKey !== undefined, (query) => query.where('pending_key', '=', pendingKey ?? '')),
      ),
    /** Notes the object that an edit is about to write; counts the version up, so that a concurrent change fails. */
    markPending: (slug: string, version: number, key: string, purgeAt: number | null, mark: string) =>
      affected(
        db
          .updateTable('pastes')
          .set({ pending_key: key, purge_at: purgeAt, version: version + 1, write_id: mark })
          .where('slug', '=', slug)
          .where('version', '=', version)
          .where('state', '=', 'live')
          .where('pending_key', 'is', null),
      ),
    /** Changes the row of an edit that writes a large object; 0: its lease was lost. */
    changePending: (slug: string, key: string, set: Partial<Pick<PasteRow, 'pending_key' | 'purge_at'>>) =>
      affected(db.updateTable('pastes').set(set).where('slug', '=', slug).where('pending_key', '=', key)),

    ...endStatements(db),

    /** Live public pastes, newest first, below (`listedAt`, `slug`). */
    listPublic: (now: number, limit: number, below: { listedAt: number; slug: string } | null): Promise<PasteRow[]> =>
      db
        .selectFrom('pastes')
        .selectAll()
        .where('listed_at', 'is not', null)
        .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', now)]))
        .$if(below !== null, (query) =>
          query.where((or) =>
            or.or([
              or('listed_at', '<', below?.listedAt ?? 0),
              or.and([or('listed_at', '=', below?.listedAt ?? 0), or('slug', '<', below?.slug ?? '')]),
            ]),
          ),
        )
        .orderBy('listed_at', 'desc')
        .orderBy('slug', 'desc')
        .limit(limit)
        .execute(),
  }
}

/** Default columns of a new row. */
export const BLANK_ROW = {
  kind: 'paste',
  end_reason: null,
  version: 1,
  ended_at: null,
  listed_at: null,
  file_name: null,
  max_views: null,
  views: 0,
  claim_id: null,
  claimed_at: null,
  pending_key: null,
  garbage: null,
  upload: null,
  write_id: null,
  removal: null,
} as const satisfies Partial<PasteRow>
