import type { Rows } from './publish.ts'
import { type KafkaMessage, type Row, toRow } from './row.ts'

/** What was read of one partition: `next` is the offset to read on from, also past what holds no message. */
export type Fetched = { partition: number; next: number; messages: readonly KafkaMessage[] }

/** When the rows at hand are written: whichever comes first, over all partitions. */
export type FlushLimits = { rows: number; bytes: number; intervalMs: number }

/** The rows that are read and not yet in HDFS. Everything before a partition's `start` is there. */
export type Pending = {
  /** Where to read on: the next offset of each partition. */
  positions(): ReadonlyMap<number, number>
  /**
   * From now on these partitions are read, each from an offset up to which all is in HDFS. One that was read already,
   * and from the same offset, keeps its rows; all others are dropped: the owner of the partition reads them.
   */
  assign(starts: ReadonlyMap<number, number>): void
  /** Adds what was read; what is not behind what is at hand is refused with an error, as rows would be missing. */
  add(fetched: Fetched, now: number): void
  /** Whether it is time to write. */
  isDue(now: number): boolean
  /** How many rows are at hand. */
  size(): number
  /** The rows by partition and day. */
  rows(): Rows[]
  /** Partitions that were read on, with their next offset: what to commit once {@link rows} are written. */
  progress(): Map<number, number>
  /** They are written and committed. */
  clear(): void
}

type State = { start: number; next: number; rows: Row[] }

/** Starts with no partition. */
export function createPending(limits: FlushLimits): Pending {
  const partitions = new Map<number, State>()
  let bytes = 0
  let count = 0
  let oldestAt: number | undefined

  function measure(): void {
    const rows = [...partitions.values()].flatMap((state) => state.rows)
    count = rows.length
    bytes = rows.reduce((sum, row) => sum + row.text.length, 0)
    if (count === 0) oldestAt = undefined
  }

  return {
    positions: () => new Map([...partitions].map(([partition, { next }]) => [partition, next])),
    assign(starts) {
      const former = new Map(partitions)
      partitions.clear()
      for (const [partition, start] of starts) {
        const kept = former.get(partition)
        partitions.set(partition, kept?.start === start ? kept : { start, next: start, rows: [] })
      }
      measure()
    },
    add({ partition, next, messages }, now) {
      const state = partitions.get(partition)
      if (!state) return
      for (const message of messages) {
        if (message.offset < state.next) throw new Error(`partition ${partition} was read backwards`)
        const row = toRow(message)
        state.rows.push(row)
        state.next = message.offset + 1
        bytes += row.text.length
        count += 1
      }
      state.next = Math.max(state.next, next)
      if (count > 0) oldestAt ??= now
    },
    isDue: (now) =>
      count >= limits.rows || bytes >= limits.bytes || (oldestAt !== undefined && now - oldestAt >= limits.intervalMs),
    size: () => count,
    rows: () =>
      [...partitions].flatMap(([partition, state]) =>
        [...Map.groupBy(state.rows, (row) => row.day)].map(([day, rows]) => ({ partition, day, rows })),
      ),
    progress: () =>
      new Map([...partitions].flatMap(([partition, { start, next }]) => (next > start ? [[partition, next]] : []))),
    clear() {
      for (const state of partitions.values()) Object.assign(state, { start: state.next, rows: [] })
      measure()
    },
  }
}
