/** A mark on the axis along the bottom: where (0 left to 1 right) and its text. */
export type Mark = { at: number; label: string }

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MOST_BETWEEN = 6
const STEPS = [
  ...[5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((days) => days * DAY),
]

/** Marks at round times (UTC) between the first and the last of `times` (epoch ms, ascending), seven at most. */
export function timeMarks(times: readonly number[]): Mark[] {
  const first = times[0]
  const last = times.at(-1)
  if (first === undefined || last === undefined || last <= first) return []
  const step = STEPS.find((candidate) => (last - first) / candidate <= MOST_BETWEEN) ?? (last - first) / 4
  const marks: Mark[] = []
  for (let time = Math.ceil(first / step) * step; time <= last; time += step)
    marks.push({ at: (time - first) / (last - first), label: markWords(time, step) })
  return marks
}

function markWords(time: number, step: number): string {
  const date = new Date(time)
  if (step >= DAY || (step >= 6 * HOUR && time % DAY === 0)) return dayWords(date)
  return date.toISOString().slice(11, step < MINUTE ? 19 : 16)
}

/**
 * The beginnings of steps (epoch ms, ascending) as rows of a table say them (UTC): as much of the time as steps of this
 * length need, with the day where a new one begins.
 */
export function stepWords(times: readonly number[], stepMs: number): string[] {
  return times.map((time, index) => {
    const date = new Date(time)
    if (stepMs >= DAY) return dayWords(date)
    const clock = date.toISOString().slice(11, stepMs < MINUTE ? 19 : 16)
    const before = times[index - 1]
    const newDay = before === undefined || Math.floor(before / DAY) !== Math.floor(time / DAY)
    return newDay || stepMs >= HOUR ? `${dayWords(date)} ${clock}` : clock
  })
}

/** `2026-11-23 14:05 UTC`. */
export function momentWords(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function dayWords(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}
