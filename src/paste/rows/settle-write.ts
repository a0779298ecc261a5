import { AppError, isAppError, OutcomeUnknown, withTimeout } from '../../core/index.ts'
import { REREAD_MS } from './deadlines.ts'
import type { PasteRow } from './tables.ts'

/**
 * The number of rows that a conditional write matched. If its answer was lost, rereads the row and returns 1 where
 * `isDone` finds the change. Throws `commit_unknown` when the row doesn't show it in time, and what the write throws.
 */
export async function settleWrite(
  write: Promise<number>,
  reread: () => Promise<PasteRow | undefined>,
  isDone: (row: PasteRow) => boolean,
): Promise<number> {
  try {
    return await write
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    const found = await withTimeout(reread(), REREAD_MS).catch(() => undefined)
    if (found !== undefined && isDone(found)) return 1
    throw new AppError('commit_unknown', { cause: error })
  }
}

/** Whether a failed write may have taken effect all the same, so that nothing of it must be undone. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof OutcomeUnknown || isAppError(error, 'commit_unknown')
}
