import { availableParallelism, loadavg } from 'node:os'

/** Beyond this a hung test would hold up a run for minutes. */
const MOST = 8
/** Load is known only of the last minute; a run that decides has to outlast a machine that gets busy later. */
const LEAST_IN_CI = 5

/**
 * By how much time limits grow: TEST_PATIENCE, or else how many processes wait for each core. 1 on a calm machine, 5
 * or more in CI. Throws when TEST_PATIENCE is no number of 1 or more.
 */
export function patience(given: string | undefined, load: number, cores: number, inCi = false): number {
  if (given === undefined || given === '') return Math.min(MOST, Math.max(inCi ? LEAST_IN_CI : 1, load / cores))
  const factor = Number(given)
  if (Number.isFinite(factor) && factor >= 1) return factor
  throw new Error(`TEST_PATIENCE is ${given}; it wants a number of 1 or more, by which time limits are multiplied`)
}

const factor = patience(process.env.TEST_PATIENCE, loadavg()[0] ?? 0, availableParallelism(), process.env.CI === 'true')
// Every process of a run has the same: test files and the programs that they start inherit it.
process.env.TEST_PATIENCE = String(factor)

/** A time limit for this machine: how long something may take, or be waited for, that takes at most `ms` on a calm one. */
export function patiently(ms: number): number {
  return Math.ceil(ms * factor)
}
