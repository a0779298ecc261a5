import { AppError, isAppError } from '../../core/index.ts'

/**
 * The client error for a failure of the multipart parser; other failures are returned unchanged. `isWhole`: the request
 * was received completely.
 */
export function toProblem(error: unknown, isWhole: boolean): unknown {
  if (isAppError(error)) return error
  const { code } = error as { code?: string }
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new AppError('payload_too_large', { cause: error })
  if (code === 'FST_FILES_LIMIT')
    return new AppError('too_many_files', { detail: 'Send one file in each request.', cause: error })
  if (code === 'FST_PROTO_VIOLATION')
    return new AppError('invalid_field_name', { detail: 'A part has a forbidden name.', cause: error })
  // In a complete request, the form itself ends early.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return isWhole ? unreadable(error) : new AppError('body_incomplete', { cause: error })
  const known =
    error instanceof Error &&
    (code?.startsWith('FST_') ||
      /multipart|boundary|form|part|field|header|terminated|Unexpected end/i.test(error.message))
  return known ? unreadable(error) : error
}

function unreadable(cause: unknown): AppError {
  return new AppError('invalid_multipart', {
    detail: 'The multipart body can not be read: its boundaries must be complete, and its lines end with CR LF.',
    cause,
  })
}
