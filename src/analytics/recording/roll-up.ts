import { decodeRecording, encodeRecording } from './codec.ts'
import { PERIODS, type Period, startOf } from './periods.ts'
import type { RecordingRows } from './rows.ts'
import type { Sketches } from './sketch.ts'
import { sumRecordings } from './sum.ts'

/** How long replicas have to write a minute before something is made of it. */
const GRACE_MS = 75_000

/** What a roll-up needs. */
export type RollUpDeps = { rows: RecordingRows; sketches: Sketches }

/**
 * Makes what is missing of the longer periods that are over at `now` (epoch ms), and makes those again of which more
 * has become known. `everything` looks at all that is kept, else at the last hours. Any replica may do this at any
 * time, and twice is once: what is made depends only on the rows that it is made of, and gives way only to what is made
 * of more of them. Gives how many recordings were made.
 */
export async function rollUp(deps: RollUpDeps, now: number, everything: boolean): Promise<number> {
  let made = 0
  for (const period of PERIODS) made += await rollUpPeriod(deps, period, now, everything)
  return made
}

async function rollUpPeriod(
  { rows, sketches }: RollUpDeps,
  { periodMs, from }: Period,
  now: number,
  everything: boolean,
): Promise<number> {
  if (from === undefined) return 0
  const first = startOf(now - (everything ? from.keptMs : from.againMs), periodMs)
  const end = startOf(now - GRACE_MS, periodMs)
  const there = new Map((await rows.sources(periodMs, first, end)).map((row) => [row.started_at, row.sources]))
  const known = new Map<number, number>()
  for (const { started_at, sources } of await rows.sources(from.periodMs, first, end)) {
    const start = startOf(started_at, periodMs)
    known.set(start, (known.get(start) ?? 0) + sources)
  }
  let made = 0
  for (const [start, sources] of known) {
    if (sources <= (there.get(start) ?? 0)) continue
    const parts = await rows.list(from.periodMs, start, start + periodMs)
    const recordings = parts.flatMap(({ body }) => decodeRecording(Buffer.from(body)) ?? [])
    await rows.put({
      period_ms: periodMs,
      started_at: start,
      replica: '',
      sources: parts.reduce((sum, part) => sum + part.sources, 0),
      body: encodeRecording(sumRecordings(recordings, sketches)),
    })
    made++
  }
  return made
}

/** Deletes what was kept long enough. */
export async function forgetOld(rows: RecordingRows, now: number): Promise<void> {
  for (const { periodMs, keptMs } of PERIODS) await rows.forget(periodMs, now - keptMs)
}
