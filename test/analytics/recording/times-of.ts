import type { Timed } from '../../../src/analytics/recording/recording.ts'
import { createTimes } from '../../../src/analytics/recording/times.ts'

/** Times in ms as a recorder counts them. */
export function timesOf(milliseconds: readonly number[]): Timed {
  const times = createTimes()
  for (const one of milliseconds) times.add(one * 1_000)
  return times.take()
}
