import { AppError, isAppError, type ProblemCode } from '../../core/index.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * What the client is told when the file system failed: `storage_full`, `storage_unavailable`, or `missing` where a
 * file that is not there means that an object is not there.
 */
export function diskError(cause: unknown, missing: ProblemCode = 'storage_unavailable'): AppError {
  if (isAppError(cause)) return cause
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  if (FULL.has(code)) return new AppError('storage_full', { cause })
  return new AppError(code === 'ENOENT' ? missing : 'storage_unavailable', { cause })
}
