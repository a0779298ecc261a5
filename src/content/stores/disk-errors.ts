import { AppError, isAppError, type ProblemCode } from '../../core/index.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * The error for a failure of the file system: `storage_full`, `storage_unavailable`, or `missing` where a missing file
 * means a missing object.
 */
export function diskError(cause: unknown, missing: ProblemCode = 'storage_unavailable'): AppError {
  if (isAppError(cause)) return cause
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  if (FULL.has(code)) return new AppError('storage_full', { cause })
  if (code === 'EROFS')
    return new AppError('storage_unavailable', { detail: 'The content store takes no writes now.', cause })
  return new AppError(code === 'ENOENT' ? missing : 'storage_unavailable', { cause })
}
