import { AppError } from '../../core/index.ts'
import { unlessAborted } from '../stores/index.ts'

/** Runs work when it is its turn; see {@link createTurns}. */
export type Turns = <Result>(work: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>

/**
 * Lets `places` pieces of work run at once and `waiting` more wait, first come first served, at most `patienceMs`.
 * Whoever finds the queue full, or waits in vain, gets `overloaded`; whoever's `signal` aborts leaves the queue.
 */
export function createTurns(options: { places: number; waiting: number; patienceMs: number }): Turns {
  const { places, waiting, patienceMs } = options
  const queue: (() => void)[] = []
  let running = 0
  const next = () => {
    const turn = queue.shift()
    // The place goes over to the next in the queue without ever being free.
    if (turn) turn()
    else running--
  }
  const wait = async (signal: AbortSignal | undefined) => {
    if (running < places) {
      running++
      return
    }
    if (queue.length >= waiting) throw busy()
    const { promise, resolve } = Promise.withResolvers<void>()
    queue.push(resolve)
    const patience = AbortSignal.timeout(patienceMs)
    try {
      await unlessAborted(promise, signal ? AbortSignal.any([signal, patience]) : patience)
    } catch (error) {
      const place = queue.indexOf(resolve)
      if (place >= 0) queue.splice(place, 1)
      else next()
      throw patience.aborted && !signal?.aborted ? busy() : error
    }
  }
  return async (work, signal) => {
    await wait(signal)
    try {
      return await work()
    } finally {
      next()
    }
  }
}

function busy(): AppError {
  return new AppError('overloaded', { detail: 'Many searches are under way. Try again in a moment.' })
}
