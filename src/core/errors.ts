import { PROBLEMS, type ProblemCode } from './problems.ts'

/** What an error carries beside its code. */
export type ProblemDetails = {
  /** One sentence for its reader: what happened, why, what to do. Never holds content, tokens or backend text. */
  detail?: string
  /** Response headers, such as `Allow` or `Retry-After` (seconds). */
  headers?: Record<string, string>
  /** Further members of the problem document (RFC 9457 section 3.2). */
  members?: Record<string, unknown>
  /** The underlying failure; logged, never sent. */
  cause?: unknown
}

/** A failure that the client sees: one stable code, which has one HTTP status. */
export class AppError extends Error {
  readonly code: ProblemCode
  readonly headers: Record<string, string>
  readonly members: Record<string, unknown>

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? PROBLEMS[code][1], details.cause === undefined ? {} : { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.headers = details.headers ?? retryAfter(PROBLEMS[code][0])
    this.members = details.members ?? {}
  }

  /** The HTTP status of this error's code, 400 to 599. */
  get status(): number {
    return PROBLEMS[this.code][0]
  }
}

/** When it is worth to try again: most failures pass, and a full storage has room after a sweep. */
function retryAfter(status: number): Record<string, string> {
  if (status === 503) return { 'retry-after': '2' }
  return status === 507 ? { 'retry-after': '15' } : {}
}

/** Whether a thrown value is an {@link AppError} of one of these codes (of any code when none is given). */
export function isAppError(error: unknown, ...codes: ProblemCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code))
}
