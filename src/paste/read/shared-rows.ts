import { crc32 } from 'node:zlib'
import type { Clock, RandomSource } from '../../core/index.ts'
import type { PasteRow } from '../rows/index.ts'
import type { SharedRows } from './cache.ts'
import { CHANNEL, createChangeNews, type NewsCount } from './invalidation-messages.ts'

/** What is needed of a cache that replicas share. It answers undefined where it is away; it never throws. */
export type SharedBytes = {
  get(key: string): Promise<Buffer | null | undefined>
  set(key: string, value: Buffer, ttlMs: number, options?: { onlyIfAbsent?: boolean }): Promise<unknown>
  /** Stores a value and then, as one step, sends a message to whoever listens; undefined when it could do neither. */
  setAndTell(key: string, value: Buffer, ttlMs: number, channel: string, message: string): Promise<unknown>
  /** `onStart`: listening begins, also again after messages may have been missed. */
  subscribe(channel: string, listener: { onMessage(message: string): void; onStart(): void }): void
}

/** What sharing rows needs; `count` is told of every message. */
export type SharedRowsDeps = { clock: Clock; random: RandomSource; maxAgeMs: number; count: NewsCount }

// Grows whenever the shape of a row changes, so that replicas of two versions never read each other's rows.
const MAGIC = Buffer.from('row1')
const TOMBSTONE = Buffer.from('gone')
const HEAD_BYTES = 12
const TOMBSTONE_MS = 10_000

/**
 * Live rows in a cache that replicas share, each for at most `maxAgeMs` from when it was read. A change leaves a
 * tombstone that beats fills which began before it, and tells the other replicas once the tombstone stands, so that
 * none of them fills its memory with what was there before. An entry that is damaged or of another version is a miss.
 */
export function createSharedRows(shared: SharedBytes, deps: SharedRowsDeps): SharedRows {
  const keyOf = (slug: string) => `paste:${slug}`
  const news = createChangeNews(deps)
  return {
    async get(slug) {
      const bytes = await shared.get(keyOf(slug))
      return bytes ? decode(bytes, slug) : undefined
    },
    offer(row, readAt) {
      const ttlMs = readAt + deps.maxAgeMs - deps.clock.now()
      if (ttlMs > 0) void shared.set(keyOf(row.slug), encode(row, readAt), ttlMs, { onlyIfAbsent: true })
    },
    async forget(slug) {
      const told = await shared.setAndTell(keyOf(slug), TOMBSTONE, TOMBSTONE_MS, CHANNEL, news.write(slug))
      deps.count(told === undefined ? 'unsent' : 'sent')
    },
    onForgotten(drop) {
      shared.subscribe(CHANNEL, {
        onMessage(message) {
          const slug = news.read(message)
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

/** `row1`, CRC-32 of the rest, length of the JSON, JSON of the columns, then frames and body. */
function encode(row: PasteRow, readAt: number): Buffer {
  // What is known of an upload is asked of the database only.
  const { frames, body, upload: _, ...columns } = row
  const lengths = { framesBytes: frames.length, bodyBytes: body?.length ?? -1 }
  const json = Buffer.from(JSON.stringify({ readAt, ...lengths, columns }))
  const head = Buffer.alloc(HEAD_BYTES)
  const rest = Buffer.concat([json, frames, body ?? Buffer.alloc(0)])
  MAGIC.copy(head)
  head.writeUInt32LE(crc32(rest), 4)
  head.writeUInt32LE(json.length, 8)
  return Buffer.concat([head, rest])
}

function decode(bytes: Buffer, slug: string): { row: PasteRow; readAt: number } | undefined {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return undefined
  const rest = bytes.subarray(HEAD_BYTES)
  if (crc32(rest) !== bytes.readUInt32LE(4)) return undefined
  const jsonBytes = bytes.readUInt32LE(8)
  const { readAt, framesBytes, bodyBytes, columns } = JSON.parse(rest.toString('utf8', 0, jsonBytes))
  if (columns.slug !== slug) return undefined
  const bodyAt = jsonBytes + framesBytes
  const body = bodyBytes < 0 ? null : rest.subarray(bodyAt, bodyAt + bodyBytes)
  return { row: { ...columns, upload: null, frames: rest.subarray(jsonBytes, bodyAt), body }, readAt }
}
