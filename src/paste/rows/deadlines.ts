/** After a write whose answer was lost, how long the question what became of it may take. */
export const REREAD_MS = 400
/** How long a client that failed waits for us to tidy up; what takes longer goes on without it. */
export const TIDY_MS = 2_000

/** What `work` gives, if that comes within `ms`; else rejects, while the work goes on unwatched. */
export function within<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
