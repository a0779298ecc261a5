import { type Clock, inBackground, monotonicOf, type RandomSource } from '../../core/index.ts'
import type { SharedRows } from './cache.ts'
import { CHANNEL, type CountMessage, createInvalidationMessages } from './invalidation-messages.ts'
import { decodeSharedRow, encodeSharedRow } from './shared-row-format.ts'

/** The cache that replicas share. Its calls return undefined while it is unavailable, and never throw. */
export type SharedBytes = {
  get(key: string): Promise<Buffer | null | undefined>
  set(key: string, value: Buffer, ttlMs: number, options?: { onlyIfAbsent?: boolean }): Promise<unknown>
  /** Stores a value and publishes a message as one step; undefined: neither happened. */
  setAndTell(key: string, value: Buffer, ttlMs: number, channel: string, message: string): Promise<unknown>
  /** `onStart`: a subscription begins, the first or one after messages may have been missed. */
  subscribe(channel: string, listener: { onMessage(message: string): void; onStart(): void }): void
}

/** Dependencies of shared rows. */
export type SharedRowsDeps = {
  clock: Clock
  random: RandomSource
  maxAgeMs: number
  /** Counts messages. */
  count: CountMessage
  /** Counts an entry that no replica of this version can have written. */
  refused?: (() => void) | undefined
}

const TOMBSTONE = Buffer.from('gone')
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
      if (!bytes || bytes.equals(TOMBSTONE)) return undefined
      const found = decodeSharedRow(bytes, slug)
      const ageMs = clock.now() - (found?.readAt ?? 0)
      // A row from the future was written by a clock that can't be trusted.
      if (found && ageMs >= -MOST_SKEW_MS) return { row: found.row, ageMs: Math.max(0, ageMs) }
      deps.refused?.()
      return undefined
    },
    offer(row, steadyReadAt) {
      const ageMs = Math.round(steady() - steadyReadAt)
      const ttlMs = deps.maxAgeMs - ageMs
      if (ttlMs <= 0 || clock.doubt?.()) return
      const readAt = Math.round(clock.now() - ageMs)
      inBackground(() => shared.set(keyOf(row.slug), encodeSharedRow({ row, readAt }), ttlMs, { onlyIfAbsent: true }))
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
