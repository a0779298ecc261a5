import { crc32 } from 'node:zlib'
import { type Clock, monotonicOf, type RandomSource } from '../../core/index.ts'
import type { PasteRow } from '../rows/index.ts'
import type { SharedRows } from './cache.ts'
import { CHANNEL, type CountMessage, createInvalidationMessages } from './invalidation-messages.ts'

/** The cache that replicas share. Its calls return undefined while it is unavailable, and never throw. */
export type SharedBytes = {
  get(key: string): Promise<Buffer | null | undefined>
  set(key: string, value: Buffer, ttlMs: number, options?: { onlyIfAbsent?: boolean }): Promise<unknown>
  /** Stores a value and publishes a message as one step; undefined: neither happened. */
  setAndTell(key: string, value: Buffer, ttlMs: number, channel: string, message: string): Promise<unknown>
  /** `onStart`: a subscription begins, the first or one after messages may have been missed. */
  subscribe(channel: string, listener: { onMessage(message: string): void; onStart(): void }): void
}

/** Dependencies of shared rows; `count` counts messages. */
export type SharedRowsDeps = { clock: Clock; random: RandomSource; maxAgeMs: number; count: CountMessage }

// Changes with the columns of a row, so that replicas of two versions never read each other's entries.
const MAGIC = Buffer.from('row2')
const TOMBSTONE = Buffer.from('gone')
const HEADER_BYTES = 12
const TOMBSTONE_MS = 10_000
/** How far the clocks of two replicas, which both follow the database's, may be apart. */
const MOST_SKEW_MS = 1_000

/**
 * Live rows in the cache that replicas share, each for at most `maxAgeMs` since its read. A change stores a tombstone,
 * which loads that began before can't overwrite, and then notifies the other replicas, which therefore can't load the
 * old row again. A damaged entry, or one of another version, is a miss.
 */
export function createSharedRows(shared: SharedBytes, deps: SharedRowsDeps): SharedRows {
  const keyOf = (slug: string) => `paste:${slug}`
  const messages = createInvalidationMessages(deps)
  const { clock } = deps
  const steady = monotonicOf(clock)
  return {
    async get(slug) {
      if (clock.doubt?.()) return undefined
      const bytes = await shared.get(keyOf(slug))
      const found = bytes ? decode(bytes, slug) : undefined
      if (!found) return undefined
      const ageMs = clock.now() - found.readAt
      // A row from the future was written by a clock that can't be trusted.
      return ageMs >= -MOST_SKEW_MS ? { row: found.row, ageMs: Math.max(0, ageMs) } : undefined
    },
    offer(row, readAt) {
      const ageMs = Math.round(steady() - readAt)
      const ttlMs = deps.maxAgeMs - ageMs
      if (ttlMs <= 0 || clock.doubt?.()) return
      void shared.set(keyOf(row.slug), encode(row, clock.now() - ageMs), ttlMs, { onlyIfAbsent: true })
    },
    async forget(slug) {
      const sent = await shared.setAndTell(keyOf(slug), TOMBSTONE, TOMBSTONE_MS, CHANNEL, messages.write(slug))
      deps.count(sent === undefined ? 'unsent' : 'sent')
    },
    onInvalidated(drop) {
      shared.subscribe(CHANNEL, {
        onMessage(message) {
          const slug = messages.read(message)
          if (slug !== undefined) drop(slug)
        },
        onStart() {
          deps.count('start')
          drop()
        },
      })
    },
  }
}

/** `row2`, CRC-32 of the rest, length of the JSON, JSON of the columns, then frames and body. */
function encode(row: PasteRow, readAt: number): Buffer {
  // The state of an upload is read from the database only.
  const { frames, body, upload: _, ...columns } = row
  const lengths = { framesBytes: frames.length, bodyBytes: body?.length ?? -1 }
  const json = Buffer.from(JSON.stringify({ readAt, ...lengths, columns }))
  const header = Buffer.alloc(HEADER_BYTES)
  const rest = Buffer.concat([json, frames, body ?? Buffer.alloc(0)])
  MAGIC.copy(header)
  header.writeUInt32LE(crc32(rest), 4)
  header.writeUInt32LE(json.length, 8)
  return Buffer.concat([header, rest])
}

function decode(bytes: Buffer, slug: string): { row: PasteRow; readAt: number } | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return undefined
  const rest = bytes.subarray(HEADER_BYTES)
  if (crc32(rest) !== bytes.readUInt32LE(4)) return undefined
  const jsonBytes = bytes.readUInt32LE(8)
  const { readAt, framesBytes, bodyBytes, columns } = JSON.parse(rest.toString('utf8', 0, jsonBytes))
  if (columns.slug !== slug) return undefined
  const bodyAt = jsonBytes + framesBytes
  const body = bodyBytes < 0 ? null : rest.subarray(bodyAt, bodyAt + bodyBytes)
  return { row: { ...columns, upload: null, frames: rest.subarray(jsonBytes, bodyAt), body }, readAt }
}
