import { AppError } from '../../core/index.ts'

/** A bound on how much of something happens at once. */
export type Gate = {
  /** Runs `work` if there is a place; throws `upload_capacity` at once if there is none. */
  hold<Result>(work: () => Promise<Result>): Promise<Result>
  /** How many are inside now. */
  held(): number
}

/** A gate with `places` places and no queue: who waits here would hold a connection and memory all the same. */
export function createGate(places: number): Gate {
  let held = 0
  return {
    async hold(work) {
      if (held >= places)
        throw new AppError('upload_capacity', { detail: `${places} uploads are under way. Try again in a moment.` })
      held++
      try {
        return await work()
      } finally {
        held--
      }
    },
    held: () => held,
  }
}
