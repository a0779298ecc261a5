import { later } from './guarded.ts'

/** The result of `work`, or a rejection with `late()` after `ms`. The work itself continues unobserved. */
export function withTimeout<Result>(
  work: Promise<Result>,
  ms: number,
  late: () => Error = () => new Error(`not within ${ms} ms`),
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = later(() => reject(late()), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Whether `work` settled within `ms`: waits no longer, and never rejects. The work itself continues unobserved. */
export function settledWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = later(() => resolve(false), ms)
    const settled = () => {
      clearTimeout(timer)
      resolve(true)
    }
    work.then(settled, settled)
  })
}
