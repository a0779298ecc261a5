import type { Kysely } from 'kysely'
import { AppError } from '../../core/index.ts'
import { affected } from './affected-rows.ts'
import { settleWrite } from './settle-write.ts'
import type { PasteRow, PasteTables } from './tables.ts'

/** The statement by which an upload in parts goes on. */
export type MoveUpload = ReturnType<typeof createMoveUpload>

/**
 * `object_key` of such a row is always a key that is new: whoever put it there may write that object, and nobody else
 * may change the row. Taking the upload over is to put another one there.
 */
export function createMoveUpload(db: Kysely<PasteTables>, find: (slug: string) => Promise<PasteRow | undefined>) {
  /** Changes the row of an upload whose key is still `key`; gives how many rows that were. */
  const move = (slug: string, key: string, set: Partial<PasteRow>): Promise<number> =>
    affected(
      db
        .updateTable('pastes')
        .set(set)
        .where('slug', '=', slug)
        .where('state', '=', 'uploading')
        .where('object_key', '=', key),
    )
  return {
    /** Says that somebody is still at it: 0 means that another took over. */
    renew: (slug: string, key: string, purgeAt: number) => move(slug, key, { purge_at: purgeAt }),
    /**
     * Changes the row, and finds out what became of it when the answer was lost: `isDone` tells by the row that is
     * there. Throws `offset_mismatch` when another request took the upload over, `commit_unknown`.
     */
    async move(slug: string, key: string, set: Partial<PasteRow>, isDone: (row: PasteRow) => boolean): Promise<void> {
      if ((await settleWrite(move(slug, key, set), () => find(slug), isDone)) !== 1) throw takenOver()
    },
  }
}

/** What is told to the slower of two requests that go on with the same upload. */
export function takenOver(): AppError {
  return new AppError('offset_mismatch', {
    detail: 'Another request went on with this upload. Ask with HEAD how far it is.',
  })
}
