/** After a write whose answer was lost, how long the question what became of it may take. */
export const REREAD_MS = 400
/** How long a client that failed waits for us to tidy up; what takes longer goes on without it. */
export const TIDY_MS = 2_000
