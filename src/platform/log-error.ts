/** An error as the log shows it. */
export type LoggedError = Partial<Record<(typeof SAFE)[number], string | number>> & {
  type: string
  message: string
  stack?: string
  cause?: LoggedError
}

/** What a driver's error may say. Others hold commands with their arguments, statements with values, whole requests. */
const SAFE = ['code', 'errno', 'sqlState', 'syscall', 'status', 'statusCode', 'hostname', 'port'] as const
const MOST_CAUSES = 4
const MOST_CHARACTERS = 4_000

/**
 * Takes from an error what helps an operator and can hold no secret: its kind, message, stack and a fixed list of
 * members, and the same of its causes, four deep. Passwords in addresses are masked.
 */
export function logError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: masked(`${error}`) }
  const logged: LoggedError = { type: error.name, message: masked(error.message) }
  for (const name of SAFE) {
    const value = (error as unknown as Record<string, unknown>)[name]
    if (typeof value === 'number') logged[name] = value
    else if (typeof value === 'string') logged[name] = masked(value)
  }
  if (error.stack) logged.stack = masked(error.stack)
  if (error.cause !== undefined && depth < MOST_CAUSES) logged.cause = logError(error.cause, depth + 1)
  return logged
}

/** The text with the user information of every address in it taken out, and cut to a few thousand characters. */
function masked(text: string): string {
  return text.slice(0, MOST_CHARACTERS).replace(/\b([a-z][a-z0-9+.-]{1,40}:\/\/)[^\s/@]{1,400}@/gi, '$1[redacted]@')
}
