import { HOUR, MINUTE, type Period, startOf, TEN_MINUTES } from '../recording/index.ts'
import type { Range } from './schema.ts'

/** The steps of a range: `count` of them, `stepMs` long, from `from` (epoch ms); read from recordings of `period`. */
export type Steps = { from: number; stepMs: number; count: number; period: Period }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** At most 72 steps: the page of all plots carries each value twice, and is to stay below 150 KB. */
const RANGES: Record<Range, { rangeMs: number; stepMs: number; period: Period }> = {
  '5m': { rangeMs: 5 * MINUTE_MS, stepMs: MINUTE_MS, period: MINUTE },
  '1h': { rangeMs: HOUR_MS, stepMs: MINUTE_MS, period: MINUTE },
  '6h': { rangeMs: 6 * HOUR_MS, stepMs: 10 * MINUTE_MS, period: TEN_MINUTES },
  '24h': { rangeMs: 24 * HOUR_MS, stepMs: 20 * MINUTE_MS, period: TEN_MINUTES },
  '7d': { rangeMs: 168 * HOUR_MS, stepMs: 3 * HOUR_MS, period: HOUR },
  '30d': { rangeMs: 720 * HOUR_MS, stepMs: 12 * HOUR_MS, period: HOUR },
}

/** The steps of a range that ends with the last minute that was over at `now`; the last step may be under way. */
export function stepsOf(range: Range, now: number): Steps {
  const { rangeMs, stepMs, period } = RANGES[range]
  const count = rangeMs / stepMs
  const last = startOf(startOf(now, MINUTE_MS) - 1, stepMs)
  return { from: last - (count - 1) * stepMs, stepMs, count, period }
}
