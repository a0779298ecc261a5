import { setTimeout as sleep } from 'node:timers/promises'

/** When to try again, and where the jitter comes from. */
export type RetryOptions = {
  /** A uniformly random number in [0, 1). */
  random: () => number
  /** Whether this error is worth another attempt. */
  isRetryable: (error: unknown) => boolean
  /** Further attempts after the first; 3 when absent. */
  retries?: number
}

const FIRST_PAUSE_MS = 10

/**
 * Runs `attempt` until it succeeds, fails for good or has been retried often enough; then throws its last error.
 * Pauses at random between 0 and 10, 20, 40 ms … ("full jitter"), so that the two sides of a deadlock part.
 */
export async function withRetries<Result>(attempt: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const retries = options.retries ?? 3
  for (let done = 0; ; done++) {
    try {
      return await attempt()
    } catch (error) {
      if (done === retries || !options.isRetryable(error)) throw error
      await sleep(options.random() * FIRST_PAUSE_MS * 2 ** done)
    }
  }
}
