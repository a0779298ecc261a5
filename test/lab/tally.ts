import type { DDSketch } from '@datadog/sketches-js'
import type { RunOperation } from '../../src/analytics/runs/schema.ts'
import { createSketch, encodeSketch } from './sketch.ts'

/** What became of one request. */
export type Outcome = {
  /** Null when it is what it must be; else a problem code, `status_…`, or what broke. */
  error: string | null
  status: number | null
  /** Content bytes, sent and received. */
  bytes: number
  /** Whether the digest of a content was compared. */
  isChecked: boolean
}

/** The figures of one step while it runs. */
export type Tally = {
  /** `tookMs` counts from when the request was due. */
  add(operation: string, tookMs: number, outcome: Outcome): void
  /** How late the generator began a request. */
  lag(lateMs: number): void
  /** Errors and the slowest p99 so far; costs little. */
  glance(): { errors: number; p99Ms: number }
  figures(): Figures
}

/** What a tally gives. */
export type Figures = {
  byOperation: RunOperation[]
  errorsByCode: Record<string, number>
  good: number
  errors: number
  checkedBodies: number
  wrongBodies: number
  lagP99Ms: number
  /** Answers by operation and status, for what a profile expects. */
  statuses: Map<string, Map<number, number>>
}

/** The code of a content that is not the one that was sent. */
export const WRONG_BYTES = 'wrong_bytes'

type Entry = {
  sketch: DDSketch
  count: number
  errors: number
  bytes: number
  maxMs: number
  statuses: Map<number, number>
}

/** An empty tally. */
export function createTally(): Tally {
  const entries = new Map<string, Entry>()
  const lags = createSketch()
  const errorsByCode: Record<string, number> = {}
  let checkedBodies = 0
  const entryOf = (operation: string): Entry => {
    const known = entries.get(operation)
    if (known) return known
    const entry = { sketch: createSketch(), count: 0, errors: 0, bytes: 0, maxMs: 0, statuses: new Map() }
    entries.set(operation, entry)
    return entry
  }
  return {
    add(operation, tookMs, { error, status, bytes, isChecked }) {
      const entry = entryOf(operation)
      entry.sketch.accept(tookMs)
      entry.count++
      entry.bytes += bytes
      if (tookMs > entry.maxMs) entry.maxMs = tookMs
      if (status !== null) entry.statuses.set(status, (entry.statuses.get(status) ?? 0) + 1)
      if (isChecked) checkedBodies++
      if (error === null) return
      entry.errors++
      errorsByCode[error] = (errorsByCode[error] ?? 0) + 1
    },
    lag: (lateMs) => lags.accept(lateMs),
    glance() {
      const all = [...entries.values()]
      return {
        errors: all.reduce((sum, { errors }) => sum + errors, 0),
        p99Ms: Math.max(0, ...all.map(({ sketch }) => at(sketch, 0.99))),
      }
    },
    figures() {
      const all = [...entries].sort(([one], [other]) => one.localeCompare(other))
      const sum = (of: (entry: Entry) => number) => all.reduce((total, [, entry]) => total + of(entry), 0)
      const errors = sum((entry) => entry.errors)
      return {
        byOperation: all.map(([operation, entry]) => figuresOf(operation, entry)),
        errorsByCode,
        good: sum(({ count }) => count) - errors,
        errors,
        checkedBodies,
        wrongBodies: errorsByCode[WRONG_BYTES] ?? 0,
        lagP99Ms: at(lags, 0.99),
        statuses: new Map(all.map(([operation, { statuses }]) => [operation, statuses])),
      }
    },
  }
}

function figuresOf(operation: string, { sketch, count, errors, bytes, maxMs }: Entry): RunOperation {
  return {
    operation,
    count,
    errors,
    p50Ms: at(sketch, 0.5),
    p90Ms: at(sketch, 0.9),
    p99Ms: at(sketch, 0.99),
    p999Ms: at(sketch, 0.999),
    maxMs: rounded(maxMs),
    bytes,
    sketch: encodeSketch(sketch),
  }
}

function at(sketch: DDSketch, share: number): number {
  return sketch.count === 0 ? 0 : rounded(sketch.getValueAtQuantile(share))
}

function rounded(ms: number): number {
  return Number(ms.toPrecision(4))
}
