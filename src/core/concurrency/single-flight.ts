/** Runs work once for all callers that ask for the same key at the same time. */
export type SingleFlight<Result> = {
  /**
   * Joins the work under way for `key`, or starts `work`; a failure rejects every caller and is not kept. `isCurrent`
   * turns false once the key was forgotten: the result is then out of date for later callers.
   */
  run(key: string, work: (isCurrent: () => boolean) => Promise<Result>): Promise<Result>
  /** Later callers of `run` start new work for `key`, or for any key when none is given. */
  forget(key?: string): void
}

/** A single flight with nothing under way. */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Promise<Result>>()
  return {
    run(key, work) {
      const underWay = flights.get(key)
      if (underWay) return underWay
      let flight: Promise<Result> | undefined
      const isCurrent = () => flights.get(key) === flight
      flight = work(isCurrent).finally(() => {
        if (isCurrent()) flights.delete(key)
      })
      flights.set(key, flight)
      return flight
    },
    forget(key) {
      if (key === undefined) flights.clear()
      else flights.delete(key)
    },
  }
}
