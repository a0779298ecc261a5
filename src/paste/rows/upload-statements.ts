import { AppError, type RandomSource } from '../../core/index.ts'
import type { PasteRepository } from './repository.ts'
import { newMark, settleWrite } from './settle-write.ts'
import type { PasteRow } from './tables.ts'

/** The statements that advance a resumable upload. */
export type UploadStatements = ReturnType<typeof uploadStatements>

/**
 * `object_key` of an uploading row is a fresh key. The request that set it may write that object and change the row;
 * another request takes the upload over by setting its own key.
 */
export function uploadStatements(
  { changeUpload, find }: Pick<PasteRepository, 'changeUpload' | 'find'>,
  random: RandomSource,
) {
  return {
    /** Prolongs the lease; 0: another request took over. */
    renew: (slug: string, key: string, purgeAt: number) => changeUpload(slug, key, { purge_at: purgeAt }),
    /**
     * Changes the row. Throws `offset_mismatch` when another request took the upload over, and `commit_unknown`.
     */
    async move(slug: string, key: string, set: Partial<PasteRow>): Promise<void> {
      const mark = newMark(random)
      const write = changeUpload(slug, key, { ...set, write_id: mark })
      if ((await settleWrite(write, () => find(slug), mark)) !== 1) throw uploadTakenOver()
    },
  }
}

/** The error for the slower of two requests that continue the same upload. */
export function uploadTakenOver(): AppError {
  return new AppError('offset_mismatch', {
    detail: 'Another request continues this upload. Send HEAD for its offset.',
  })
}
