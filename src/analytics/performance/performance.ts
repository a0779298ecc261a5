import type { Clock } from '../../core/index.ts'
import { MINUTE, type Recording, type RecordingRows, sketches, startOf } from '../recording/index.ts'
import type { Step } from './course.ts'
import { nowOf } from './now.ts'
import { stepsOf } from './range.ts'
import { readRecordings } from './read.ts'
import { cachesOf, replicasOf, sweeperOf } from './replicas.ts'
import { partsOf, requestsOf, routesOf } from './requests.ts'
import type { Performance, Range } from './schema.ts'

/** Answers questions about recordings. */
export type PerformanceReports = {
  /** A range that ends with the last full minute. Throws what statements throw. */
  ask(range: Range): Promise<Performance>
  /** What each replica recorded in the last minute of which anything is known; nothing when that is long ago. */
  lastMinute(): Promise<Recording[]>
}

/** An answer is good for so long: however many look, it is made once. */
const KEPT_MS = 5_000
/** A minute is written a moment after it ended. */
const RECENT_MS = 3 * MINUTE.periodMs

/** Reports over what is kept in `rows`. */
export function createPerformanceReports({ rows, clock }: { rows: RecordingRows; clock: Clock }): PerformanceReports {
  const answers = new Map<Range, { at: number; answer: Promise<Performance> }>()

  async function read(range: Range, now: number): Promise<Performance> {
    const { from, stepMs, count, period } = stepsOf(range, now)
    const to = startOf(now, MINUTE.periodMs)
    const groups: Recording[][] = Array.from({ length: count }, () => [])
    for await (const { startedAt, recording } of readRecordings(rows, period, from, to))
      groups[Math.floor((startedAt - from) / stepMs)]?.push(recording)
    const steps: Step[] = groups.map((recordings, index) => {
      return { recordings, seconds: Math.min(stepMs, to - from - index * stepMs) / 1_000 }
    })
    return {
      range,
      stepMs,
      times: steps.map((_step, index) => from + index * stepMs),
      now: nowOf(await lastMinute(now), MINUTE.periodMs / 1_000, sketches),
      requests: requestsOf(steps, sketches),
      routes: await routesOf(steps, sketches),
      parts: partsOf(steps, sketches),
      ...replicasOf(steps, sketches),
      caches: cachesOf(steps),
      sweeper: sweeperOf(steps),
    }
  }

  async function lastMinute(now: number): Promise<Recording[]> {
    const to = startOf(now, MINUTE.periodMs)
    const minutes = new Map<number, Recording[]>()
    for await (const { startedAt, recording } of readRecordings(rows, MINUTE, to - RECENT_MS, to))
      minutes.set(startedAt, [...(minutes.get(startedAt) ?? []), recording])
    return [...minutes.values()].at(-1) ?? []
  }

  return {
    ask(range) {
      const now = clock.now()
      const known = answers.get(range)
      if (known && Math.abs(now - known.at) < KEPT_MS) return known.answer
      const answer = read(range, now)
      answers.set(range, { at: now, answer })
      answer.catch(() => answers.delete(range))
      return answer
    },
    lastMinute: () => lastMinute(clock.now()),
  }
}
