import { AppError, createFairPlaces, type Holder, later, type Release } from '../../core/index.ts'
import type { Intake } from '../../http/index.ts'

/** Bounds how many large bodies are on their way at once, shared by client; `upload_capacity` for one more. */
export type UploadSlots = {
  /** Takes a place for a client; `holder` may have to give it up to another one. */
  enter(client: string, holder?: Holder): Release | Promise<Release>
  /** Runs `work` in a place: the one of its request, if it has one. */
  run<Result>(work: () => Promise<Result>, intake?: Intake): Promise<Result>
  held(): number
}

/** Who waits makes room after this long, and again after as long: a place that comes free by itself costs nobody. */
const ROUND_MS = 250
const PATIENCE_MS = 3_000
/** Slower than this nobody may be anyway; each round of waiting doubles it. */
const LEAST_BYTES_PER_SECOND = 1_024
const MOST_BYTES_PER_SECOND = 64 * 1_024
const WAITING_PER_PLACE = 2

/** Slots for `places` uploads. Those who wait have sent at most 64 KiB, so waiting costs little memory. */
export function createUploadSlots(places: number): UploadSlots {
  const refusal = () =>
    new AppError('upload_capacity', { detail: `${places} uploads are under way. Try again in a moment.` })
  const fair = createFairPlaces({ places, mostWaiting: WAITING_PER_PLACE * places, refusal })
  let isTicking = false
  let round = 0

  function next(): void {
    if (fair.waiting() === 0) {
      isTicking = false
      round = 0
      return
    }
    fair.relieve(Math.min(LEAST_BYTES_PER_SECOND * 2 ** round++, MOST_BYTES_PER_SECOND))
    later(next, ROUND_MS).unref()
  }

  async function wait(entering: Promise<Release>, patience: AbortController): Promise<Release> {
    if (!isTicking) later(next, ROUND_MS).unref()
    isTicking = true
    const timer = later(() => patience.abort(refusal()), PATIENCE_MS).unref()
    try {
      return await entering
    } finally {
      clearTimeout(timer)
    }
  }

  function enter(client: string, holder?: Holder): Release | Promise<Release> {
    const patience = new AbortController()
    const entering = fair.enter(client, holder, patience.signal)
    return entering instanceof Promise ? wait(entering, patience) : entering
  }

  return {
    enter,
    async run(work, intake) {
      if (intake) {
        const turn = intake.enter()
        if (turn) await turn
        try {
          return await work()
        } finally {
          intake.leave()
        }
      }
      const release = await enter('')
      try {
        return await work()
      } finally {
        release()
      }
    },
    held: fair.held,
  }
}
