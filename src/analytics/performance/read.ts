import { setImmediate as turn } from 'node:timers/promises'
import {
  decodeRecording,
  PERIODS,
  type Period,
  type Recording,
  type RecordingRow,
  type RecordingRows,
} from '../recording/index.ts'

/** Rows that are decoded before others get their turn: some 2 ms. */
const AT_ONCE = 16

/**
 * What was recorded in [from, to), oldest first, in recordings of one period; and, after the last of those, in the
 * shorter ones that nothing has been made of yet. Other work of this process runs in between.
 */
export async function* readRecordings(
  rows: RecordingRows,
  period: Period,
  from: number,
  to: number,
): AsyncGenerator<{ startedAt: number; recording: Recording }, void, void> {
  let seen = 0
  for (const { started_at, body } of await rowsOf(rows, period, from, to)) {
    const recording = decodeRecording(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
    if (recording) yield { startedAt: started_at, recording }
    if (++seen % AT_ONCE === 0) await turn()
  }
}

async function rowsOf(rows: RecordingRows, period: Period, from: number, to: number): Promise<RecordingRow[]> {
  const made = await rows.list(period.periodMs, from, to)
  const shorter = PERIODS[PERIODS.indexOf(period) - 1]
  if (shorter === undefined) return made
  const last = made.at(-1)
  const rest = await rowsOf(rows, shorter, last ? last.started_at + period.periodMs : from, to)
  return [...made, ...rest]
}
