const SAYS_EVERY_MS = 5_000

/** Writes to standard error how far a command is, not more often than every few seconds. */
export function createProgress(): (text: () => string) => void {
  let saidAt = performance.now()
  return (text) => {
    if (performance.now() - saidAt < SAYS_EVERY_MS) return
    saidAt = performance.now()
    process.stderr.write(`${text()} …\n`)
  }
}

/** An error as one line, with its cause; a stack is of no use to an operator. */
export function errorLine(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}

/** A number with its noun: `1 paste`, `2 pastes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
