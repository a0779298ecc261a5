/** How long the reread after a write with a lost answer may take. */
export const REREAD_MS = 400
/** How long a failed request waits for its clean-up; a slower one continues in the background. */
export const TIDY_MS = 2_000
