/** One look at the two clocks of a machine: the wall clock (epoch ms) and the monotonic one (ms). */
export type Look = { wall: number; monotonic: number }

/** What is known of the wall clock: the last look, and since when (monotonic) it is doubted and by how much. */
export type StepState = { last: Look; doubted?: { since: number; byMs: number } }

/** A larger difference between both clocks is a step, not a drift. */
export const STEP_MS = 5 * 60_000
/** A step that stands for so long was meant. */
export const CONFIRMED_AFTER_MS = 3_600_000

/** The state at the start of the process; `seenAt` is the time that a former one saw last, if any. */
export function firstLook(look: Look, seenAt: number | undefined): StepState {
  const byMs = seenAt === undefined ? 0 : look.wall - seenAt
  return Math.abs(byMs) > STEP_MS ? { last: look, doubted: { since: look.monotonic, byMs } } : { last: look }
}

/** The state after one more look. A step begins the hour; a second one, also the way back, begins it again. */
export function nextLook({ last, doubted }: StepState, look: Look): StepState {
  const byMs = look.wall - last.wall - (look.monotonic - last.monotonic)
  if (Math.abs(byMs) > STEP_MS) {
    // A step that takes back the one before leaves nothing to doubt.
    const sumMs = byMs + (doubted?.byMs ?? 0)
    return Math.abs(sumMs) > STEP_MS ? { last: look, doubted: { since: look.monotonic, byMs: sumMs } } : { last: look }
  }
  if (doubted && look.monotonic - doubted.since < CONFIRMED_AFTER_MS) return { last: look, doubted }
  return { last: look }
}
