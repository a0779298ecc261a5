import { type Clock, type Logger, settledWithin } from '../../core/index.ts'
import { encodeRecording } from './codec.ts'
import { LATEST_MS, MINUTE, startOf } from './periods.ts'
import type { Recorder } from './recorder.ts'
import type { Recording } from './recording.ts'
import type { RecordingRows } from './rows.ts'
import { sketches } from './sketch.ts'
import { sumRecordings } from './sum.ts'
import type { RecordingRow } from './tables.ts'

/** Keeps what a replica records, minute by minute. */
export type Keeper = {
  /** To be called every few seconds: ends the minute when it is over, and writes what waits. Never rejects. */
  tick(): Promise<void>
  /** What was recorded since the last piece; it stays part of its minute. */
  takePartial(): Promise<Recording>
  /** Ends the minute under way and writes it, if that can be done in time. */
  stop(): Promise<void>
  /** Minutes that wait for the database. */
  waiting(): number
}

/** What keeping needs. `replica` is the name under which this process records, which no other has. */
export type KeeperDeps = { rows: RecordingRows; recorder: Recorder; clock: Clock; logger: Logger; replica: string }

const MOST_WAITING = LATEST_MS / MINUTE.periodMs
/** What a stop may cost. */
const LAST_WRITE_MS = 2_000

/**
 * Minutes are made here and written one after the other, beside everything else. Those that can't be written wait, two
 * hours of them at most; then the oldest is dropped.
 */
export function createKeeper({ rows, recorder, clock, logger, replica }: KeeperDeps): Keeper {
  const waiting: RecordingRow[] = []
  let partials: Recording[] = []
  /** The end of the minute before, which no partial has reported yet. */
  let notYetReported: Recording | undefined
  let startedAt = startOf(clock.now(), MINUTE.periodMs)
  let writing: Promise<void> | undefined
  let isFailing = false

  async function endMinute(): Promise<void> {
    const ended = startedAt
    const rest = recorder.take(clock.now())
    const recordings = [...partials, rest]
    partials = []
    notYetReported = rest
    startedAt = startOf(clock.now(), MINUTE.periodMs)
    const body = encodeRecording(merge(recordings))
    waiting.push({ period_ms: MINUTE.periodMs, started_at: ended, replica, sources: 1, body })
    if (waiting.length > MOST_WAITING) waiting.shift()
  }

  async function writeAll(): Promise<void> {
    try {
      for (let row = waiting[0]; row !== undefined; row = waiting[0]) {
        await rows.add(row)
        if (waiting[0] === row) waiting.shift()
      }
      isFailing = false
    } catch (error) {
      if (!isFailing) logger.warn({ err: error }, 'what was recorded could not be kept; it is tried again')
      isFailing = true
    }
  }

  const write = () => {
    writing ??= writeAll().finally(() => {
      writing = undefined
    })
    return writing
  }

  return {
    async tick() {
      if (startOf(clock.now(), MINUTE.periodMs) !== startedAt) await endMinute()
      await write()
    },
    async takePartial() {
      const partial = recorder.take(clock.now())
      const recordings = notYetReported ? [notYetReported, partial] : [partial]
      partials.push(partial)
      notYetReported = undefined
      return merge(recordings)
    },
    async stop() {
      await endMinute()
      // One under way began before this minute ended.
      await settledWithin(Promise.resolve(writing).then(write), LAST_WRITE_MS)
    },
    waiting: () => waiting.length,
  }
}

function merge(recordings: readonly Recording[]): Recording {
  const [only] = recordings
  return only && recordings.length === 1 ? only : sumRecordings(recordings, sketches)
}
