import { AppError, isAppError, OutcomeUnknown, type RandomSource, withTimeout } from '../../core/index.ts'
import { REREAD_MS } from './deadlines.ts'
import type { PasteRow } from './tables.ts'

const MARK_BYTES = 12

/** A row with the marks of its last writes. */
type Marked = Pick<PasteRow, 'write_id'> & Partial<Pick<PasteRow, 'claim_id'>>

/** A mark for one write: 96 random bits, base64url. A repeated write takes a new one. */
export function newMark(random: RandomSource): string {
  return random.bytes(MARK_BYTES).toString('base64url')
}

/** Whether the row's last write, or its last claim, is the one with this mark. */
export function bears(row: Marked | undefined, mark: string): boolean {
  return row !== undefined && (row.write_id === mark || row.claim_id === mark)
}

/**
 * The number of rows that a conditional write matched. The write stores `mark` in its row. If its answer was lost,
 * rereads the row and returns 1 where the mark stands: nothing else proves whose write it was, since another writer may
 * set the same values in the same millisecond. Throws `commit_unknown` when the row doesn't show the mark in time (a
 * later write may have replaced it, or the server may still be executing the statement), and what the write throws.
 */
export async function settleWrite(
  write: Promise<number>,
  reread: () => Promise<Marked | undefined>,
  mark: string,
): Promise<number> {
  try {
    return await write
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    const found = await withTimeout(reread(), REREAD_MS).catch(() => undefined)
    if (bears(found, mark)) return 1
    throw new AppError('commit_unknown', { cause: error })
  }
}

/** Whether a failed write may have taken effect all the same, so that nothing of it must be undone. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof OutcomeUnknown || isAppError(error, 'commit_unknown')
}
