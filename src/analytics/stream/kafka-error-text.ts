type Nested = Error & { errors?: readonly Error[]; serverErrorMessage?: string | null }

/**
 * One line for what the Kafka client throws: an error for each attempt, each with one for each message, which a log
 * would show as megabytes. Keeps the first reason of the last attempt, in the broker's own words.
 */
export function kafkaErrorText(error: unknown): string {
  let reason = error as Nested
  for (let depth = 0; depth < 10; depth += 1) {
    const attempts = reason.errors ?? []
    const inner = attempts.find((attempt) => attempt instanceof AggregateError) ?? attempts.at(-1)
    if (!inner) break
    reason = inner
  }
  return reason.serverErrorMessage || reason.message
}
