/** Where values lie on an axis: 0 is its low end, 1 its high end. */
export type Scale = {
  /** 0 to 1 for every value; what lies outside is moved to the nearer end. */
  at(value: number): number
  /** Round values from low to high; the first and the last enclose everything the scale was made for. */
  ticks: number[]
}

const WANTED_TICKS = 3

/** What the ticks of a linear scale may be: 1, 2 or 5 times a power of ten; of counts, never less than 1; of bytes, powers of two. */
export type Steps = 'decimal' | 'whole' | 'binary'

/** A scale from 0 to a round value at or above `highest`. Without anything to show it ends at 1. */
export function linearScale(highest: number, steps: Steps = 'decimal'): Scale {
  const most = Number.isFinite(highest) && highest > 0 ? highest : 1
  const least = steps === 'whole' ? Math.max(1, most / WANTED_TICKS) : most / WANTED_TICKS
  const step = steps === 'binary' ? 2 ** Math.ceil(Math.log2(least)) : roundStep(least)
  // Without the hair's breadth, 0.3 / 0.1 would need a fourth step.
  const count = Math.max(1, Math.ceil(most / step - 1e-9))
  const top = tidy(count * step)
  return {
    at: (value) => within(value / top),
    ticks: Array.from({ length: count + 1 }, (_, index) => tidy(index * step)),
  }
}

/** A logarithmic scale of whole powers of ten around `lowest` and `highest`, which are above 0; at most five ticks. */
export function logScale(lowest: number, highest: number): Scale {
  const low = Math.floor(Math.log10(lowest) + 1e-9)
  const powers = Math.max(1, Math.ceil(Math.log10(highest) - 1e-9) - low)
  const every = Math.ceil(powers / 4)
  const count = Math.ceil(powers / every)
  const high = low + count * every
  const ticks = Array.from({ length: count + 1 }, (_, index) => tidy(10 ** (low + index * every)))
  return {
    at: (value) => (value > 0 ? within((Math.log10(value) - low) / (high - low)) : 0),
    ticks,
  }
}

/** The logarithmic scale that all these series fit in; from 1 to 10 when there is nothing above 0. */
export function logScaleOf(series: Iterable<readonly (number | null)[]>): Scale {
  let lowest = Number.POSITIVE_INFINITY
  let highest = 0
  for (const values of series)
    for (const value of values) {
      if (value === null || value <= 0) continue
      lowest = Math.min(lowest, value)
      highest = Math.max(highest, value)
    }
  return highest === 0 ? logScale(1, 10) : logScale(lowest, highest)
}

/** The largest value of all these series, 0 when there is none. */
export function highestOf(series: Iterable<readonly (number | null)[]>): number {
  let highest = 0
  for (const values of series) for (const value of values) if (value !== null && value > highest) highest = value
  return highest
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
