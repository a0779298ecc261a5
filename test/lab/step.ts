import { LARGE_BYTES } from './contents.ts'
import type { Metronome } from './metronome.ts'
import { createPerform, sizeOfCreate } from './operations.ts'
import type { MixEntry } from './profile-schema.ts'
import type { Schedule } from './schedule.ts'
import { createTally, type Tally } from './tally.ts'
import type { World } from './world.ts'

/** What a step needs beside its plan. */
export type StepDeps = {
  metronome: Metronome
  /** Monotonic, ms. */
  monotonic(): number
  /** How long answers may still come after the step. */
  drainMs: number
  /** Answers that come so long after the step still belong to its pace. */
  graceMs: number
  /** Ends the step: it throws then. */
  signal?: AbortSignal | undefined
  /** Called when the last request has begun: how busy everything was counts until then. */
  onArrived?: () => void
  /** Hears of the step while it runs. */
  onProgress?: (progress: Progress) => void
}

/** What a step came to: every figure, and the right answers until the end of its time and {@link StepDeps.graceMs}. */
export type StepEnd = { tally: Tally; goodInTime: number }

/** Where a step is. */
export type Progress = { elapsedMs: number; begun: number; answered: number; underWay: number; tally: Tally }

/** Sleeping less costs more processor than it gains: lateness stays below a millisecond. */
const SHORTEST_WAIT_MS = 0.4
const LONGEST_WAIT_MS = 200
/** Turns of the event loop go to answers, too, but a burst is one. */
const MOST_PER_TURN = 64

/**
 * Begins every request of a schedule at its moment, whatever became of those before it, and waits for the last answer.
 * Times count from the moment in the plan: what a request waits in the generator, for a connection, or behind a server
 * that stalls is part of them. What has no answer at the end of `drainMs` is an error of that length, `no_answer`.
 */
export async function runStep(
  world: World,
  mix: readonly MixEntry[],
  schedule: Schedule,
  deps: StepDeps,
): Promise<StepEnd> {
  const { metronome, monotonic, drainMs, graceMs, signal, onProgress } = deps
  const tally = createTally()
  const performs = mix.map((entry) => createPerform(world, entry))
  prepare(world, mix, schedule)
  const isOpen = new Uint8Array(schedule.length)
  let answered = 0
  let isOver = false
  let allAnswered: (() => void) | undefined
  let begun = 0
  let goodInTime = 0
  const startAt = monotonic()
  const inTimeUntil = startAt + schedule.seconds * 1_000 + graceMs
  const begin = (index: number) => {
    const dueAt = startAt + (schedule.atMs[index] ?? 0)
    const entry = schedule.entry[index] ?? 0
    tally.lag(Math.max(0, monotonic() - dueAt))
    isOpen[index] = 1
    performs[entry]?.(schedule.target[index] ?? 0, (outcome) => {
      if (isOver || isOpen[index] === 0) return
      isOpen[index] = 0
      const endedAt = monotonic()
      tally.add(mix[entry]?.operation ?? '', endedAt - dueAt, outcome)
      if (outcome.error === null && endedAt <= inTimeUntil) goodInTime++
      if (++answered === schedule.length) allAnswered?.()
      // Who is busy with answers may sleep too long: what is due by now begins here.
      pump(monotonic())
    })
  }
  let isPumping = false
  const pump = (now: number) => {
    if (isPumping) return
    isPumping = true
    for (let turn = 0; begun < schedule.length; turn++) {
      const isBurst = schedule.atMs[begun] === schedule.atMs[begun - 1]
      if (startAt + (schedule.atMs[begun] ?? 0) > now || (turn >= MOST_PER_TURN && !isBurst)) break
      begin(begun++)
    }
    isPumping = false
  }
  let toldAt = startAt
  while (begun < schedule.length) {
    signal?.throwIfAborted()
    const now = monotonic()
    pump(now)
    if (onProgress && now - toldAt > LONGEST_WAIT_MS) {
      toldAt = now
      onProgress({ elapsedMs: now - startAt, begun, answered, underWay: begun - answered, tally })
    }
    const waitMs = startAt + (schedule.atMs[begun] ?? 0) - monotonic()
    if (waitMs > 0) await metronome.wait(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, waitMs)))
    else await new Promise(setImmediate)
  }
  deps.onArrived?.()
  if (answered < schedule.length)
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.max(0, inTimeUntil - graceMs + drainMs - monotonic()))
      signal?.addEventListener('abort', end)
      allAnswered = end
    })
  signal?.throwIfAborted()
  isOver = true
  for (let index = 0; index < schedule.length; index++) {
    if (isOpen[index] === 0) continue
    const tookMs = monotonic() - startAt - (schedule.atMs[index] ?? 0)
    const outcome = { error: 'no_answer', status: null, bytes: 0, isChecked: false }
    tally.add(mix[schedule.entry[index] ?? 0]?.operation ?? '', tookMs, outcome)
  }
  return { tally, goodInTime }
}

/** Computes beforehand what would hold the generator up. */
function prepare(world: World, mix: readonly MixEntry[], schedule: Schedule): void {
  for (let index = 0; index < schedule.length; index++) {
    const entry = mix[schedule.entry[index] ?? 0]
    if (entry?.operation !== 'create') continue
    const target = schedule.target[index] ?? 0
    const sizeBytes = sizeOfCreate(entry, target)
    if (sizeBytes >= LARGE_BYTES) world.contents.sha256(target, sizeBytes)
  }
}
