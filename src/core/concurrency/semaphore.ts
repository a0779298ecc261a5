import { unlessAborted } from './unless-aborted.ts'

/** A bound on how much work runs at once. Waiting callers get their turn in the order they came. */
export type Semaphore = {
  /** Takes a permit: at once (undefined), or when the promise resolves. Throws or rejects when it is refused. */
  acquire(signal?: AbortSignal): Promise<void> | undefined
  /** Gives a permit back, once for each that was acquired. */
  release(): void
  /** Runs `work` while holding a permit. */
  run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>
  /** Permits in use. */
  held(): number
}

/** How many permits there are, and what becomes of callers who find none. */
export type SemaphoreOptions = {
  permits: number
  /** Callers that may wait; the next one is refused. Default: any number. */
  queueLength?: number
  /** The longest wait, ms. Default: no limit. */
  patienceMs?: number
  /** The error of a refused caller. */
  refusal?: () => Error
}

/** A semaphore with every permit free. An aborted signal ends only its own caller's wait. */
export function createSemaphore(options: SemaphoreOptions): Semaphore {
  const { permits, queueLength = Number.POSITIVE_INFINITY, patienceMs, refusal = noPermit } = options
  const queue: (() => void)[] = []
  let held = 0

  function release(): void {
    const next = queue.shift()
    // Hands the permit over without freeing it, so that a newcomer can't overtake the queue.
    if (next) next()
    else held--
  }

  async function wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    queue.push(resolve)
    const patience = patienceMs === undefined ? undefined : AbortSignal.timeout(patienceMs)
    try {
      await unlessAborted(promise, signal && patience ? AbortSignal.any([signal, patience]) : (signal ?? patience))
    } catch (error) {
      const place = queue.indexOf(resolve)
      if (place >= 0) queue.splice(place, 1)
      else release()
      throw patience?.aborted && !signal?.aborted ? refusal() : error
    }
  }

  function acquire(signal?: AbortSignal): Promise<void> | undefined {
    if (held >= permits) {
      if (queue.length >= queueLength) throw refusal()
      return wait(signal)
    }
    held++
    return undefined
  }

  return {
    acquire,
    release,
    async run(work, signal) {
      const turn = acquire(signal)
      if (turn) await turn
      try {
        return await work()
      } finally {
        release()
      }
    },
    held: () => held,
  }
}

function noPermit(): Error {
  return new Error('no permit is free')
}
