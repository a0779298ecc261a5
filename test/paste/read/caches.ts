import { hash } from 'node:crypto'
import { systemRandom } from '../../../src/core/index.ts'
import { createPasteCache } from '../../../src/paste/read/cache.ts'
import type { CountMessage } from '../../../src/paste/read/invalidation-messages.ts'
import { createSharedRows, type SharedBytes } from '../../../src/paste/read/shared-rows.ts'
import { BLANK_ROW } from '../../../src/paste/rows/repository.ts'
import { NO_CONTENT, toPaste } from '../../../src/paste/rows/row.ts'
import type { PasteRow } from '../../../src/paste/rows/tables.ts'

const TEXT = Buffer.from('text')

export const NOW = 1_800_000_000_000

/** A live row, with what `change` says. */
export function row(change: Partial<PasteRow> = {}): PasteRow {
  return {
    ...BLANK_ROW,
    ...NO_CONTENT,
    slug: 'one',
    state: 'live',
    created_at: NOW,
    updated_at: NOW,
    expires_at: null,
    purge_at: null,
    visibility: 'unlisted',
    title: null,
    language: null,
    edit_token_hash: 'aa'.repeat(32),
    frames: Buffer.from([1, 2, 3]),
    body: TEXT,
    size_bytes: TEXT.length,
    stored_bytes: TEXT.length,
    sha256: hash('sha256', TEXT, 'hex'),
    ...change,
  }
}

/** A shared cache in a Map, as replicas see it; `send` puts a message on the wire, `restart` ends a gap in listening. */
export function sharedBytes() {
  const entries = new Map<string, Buffer>()
  const listeners: Parameters<SharedBytes['subscribe']>[1][] = []
  const send = (message: string) => {
    for (const { onMessage } of listeners) onMessage(message)
  }
  return {
    entries,
    send,
    restart() {
      for (const { onStart } of listeners) onStart()
    },
    subscribe: (_channel: string, listener: (typeof listeners)[number]) => void listeners.push(listener),
    async setAndTell(key: string, value: Buffer, _ttlMs: number, _channel: string, message: string) {
      entries.set(key, value)
      send(message)
      return listeners.length
    },
    get: async (key: string) => entries.get(key) ?? null,
    async set(key: string, value: Buffer, _ttlMs: number, options?: { onlyIfAbsent?: boolean }) {
      if (!options?.onlyIfAbsent || !entries.has(key)) entries.set(key, value)
    },
  }
}

/** The cache of one replica; those that are given the same `bytes` share them. */
export function replica(time: { now: number }, bytes?: SharedBytes, count: CountMessage = () => {}) {
  const clock = { now: () => time.now }
  const shared = bytes && createSharedRows(bytes, { clock, maxAgeMs: 4_000, random: systemRandom, count })
  return createPasteCache({ clock, maxBytes: 1_000_000, maxAgeMs: 4_000, toPaste, shared })
}

/** What the database says of a paste that was deleted. */
export const deleted = async () => row({ state: 'ended', end_reason: 'deleted' })

/** Has one replica delete a paste while the load of another, which began before, is under way; ends when both are done. */
export async function deleteDuringLoad(deleting: Cache, loading: Cache): Promise<void> {
  const slow = Promise.withResolvers<PasteRow>()
  const early = loading.get('one', () => slow.promise)
  await deleting.forget('one')
  slow.resolve(row())
  await early
}

type Cache = ReturnType<typeof replica>
