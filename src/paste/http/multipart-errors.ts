import { AppError, isAppError } from '../../core/index.ts'

/**
 * What a failure of the multipart parser means to a client; other failures are given back as they are. `isWhole` says
 * that the request itself came to its end.
 */
export function toProblem(error: unknown, isWhole: boolean): unknown {
  if (isAppError(error)) return error
  const { code } = error as { code?: string }
  if (code === 'FST_REQ_FILE_TOO_LARGE') return new AppError('payload_too_large', { cause: error })
  if (code === 'FST_FILES_LIMIT')
    return new AppError('too_many_files', { detail: 'Send one file in each request.', cause: error })
  if (code === 'FST_PROTO_VIOLATION')
    return new AppError('invalid_field_name', { detail: 'A part has a forbidden name.', cause: error })
  // Where the request is there to its end, it is the form in it that ends early.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new AppError(isWhole ? 'invalid_multipart' : 'body_incomplete', { cause: error })
  const known =
    error instanceof Error &&
    (code?.startsWith('FST_') ||
      /multipart|boundary|form|part|field|header|terminated|Unexpected end/i.test(error.message))
  return known
    ? new AppError('invalid_multipart', { detail: 'The multipart body can not be read.', cause: error })
    : error
}
