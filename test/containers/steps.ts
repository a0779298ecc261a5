/** Runs named steps one after the other or side by side, prints a line for each and counts them. */
export type Steps = {
  /**
   * Runs something that the rest needs. `body` gets a signal that aborts at the deadline or when the run is
   * interrupted, and resolves with the step's value; a string is printed too. What it throws is printed, counted and
   * thrown on.
   */
  must<Value>(name: string, deadlineMs: number, body: (signal: AbortSignal) => Promise<Value>): Promise<Value>
  /** The same for a check: what it throws is printed and counted, and the run goes on. */
  check(name: string, deadlineMs: number, body: (signal: AbortSignal) => Promise<unknown>): Promise<void>
  /** How many steps of both kinds ended well and how many did not. */
  counts(): { passed: number; failed: number }
}

/** What {@link createSteps} needs: where lines go, a clock in milliseconds, and the signal of an interrupted run. */
export type StepsDependencies = {
  print(line: string): void
  now(): number
  interrupted: AbortSignal
}

/** Makes the steps of one run. */
export function createSteps({ print, now, interrupted }: StepsDependencies): Steps {
  let passed = 0
  let failed = 0
  async function run<Value>(name: string, deadlineMs: number, body: (signal: AbortSignal) => Promise<Value>) {
    const startedAt = now()
    const took = () => `${((now() - startedAt) / 1000).toFixed(1)} s`
    const deadline = AbortSignal.timeout(deadlineMs)
    try {
      const value = await body(AbortSignal.any([deadline, interrupted]))
      passed += 1
      print(`  ok    ${name} (${took()})${typeof value === 'string' && value ? `: ${value}` : ''}`)
      return value
    } catch (error) {
      failed += 1
      const reason = deadline.aborted ? `not done within ${deadlineMs / 1000} s` : describe(error)
      print(`  FAIL  ${name} (${took()}): ${reason}`)
      throw error
    }
  }
  return {
    must: run,
    async check(name, deadlineMs, body) {
      await run(name, deadlineMs, body).catch(() => interrupted.throwIfAborted())
    },
    counts: () => ({ passed, failed }),
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
