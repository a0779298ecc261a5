import type { RunStep } from '../../src/analytics/runs/schema.ts'
import { nearestLimit } from './resources.ts'
import type { Progress } from './step.ts'

/** Tells people what is going on: on a terminal by one line that renews, elsewhere by a line every five seconds. */
export type Teller = {
  say(words: string): void
  progress(perSecond: number, progress: Progress): void
  step(step: RunStep): void
}

/** Where words go; `isTTY` as of a stream. */
export type Screen = { write(text: string): unknown; isTTY?: boolean; columns?: number }

const EVERY_MS = 5_000
const WIDTH = 100

/** A teller for a screen; `monotonic` gives ms. */
export function createTeller(screen: Screen, monotonic: () => number): Teller {
  let toldAt = monotonic()
  const clear = () => screen.isTTY && screen.write('\r\u001b[K')
  const say = (words: string) => {
    clear()
    screen.write(`${words}\n`)
  }
  return {
    say,
    progress(perSecond, progress) {
      if (!screen.isTTY && monotonic() - toldAt < EVERY_MS) return
      toldAt = monotonic()
      const line = progressLine(perSecond, progress)
      screen.write(screen.isTTY ? `\r\u001b[K${line.slice(0, (screen.columns ?? WIDTH) - 1)}` : `${line}\n`)
    },
    step(step) {
      toldAt = monotonic()
      say(stepLine(step))
    },
  }
}

function progressLine(perSecond: number, { elapsedMs, begun, answered, underWay, tally }: Progress): string {
  const { errors, p99Ms } = tally.glance()
  const seconds = (elapsedMs / 1_000).toFixed(0)
  return `  ${perSecond}/s  ${seconds} s  ${begun} begun, ${answered} answered, ${underWay} under way, ${errors} errors, p99 ${p99Ms} ms`
}

function stepLine({ offeredPerSecond, achievedPerSecond, errors, byOperation, resources, lagP99Ms }: RunStep): string {
  const times = byOperation.map(({ operation, p50Ms, p99Ms }) => `${operation} p50 ${p50Ms} p99 ${p99Ms} ms`)
  return `  offered ${offeredPerSecond}/s, answered ${achievedPerSecond}/s, ${errors} errors; ${times.join(', ')}; busiest: ${nearestLimit(resources)}; lag ${lagP99Ms} ms`
}
