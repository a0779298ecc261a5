import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { systemRandom } from '../../src/core/index.ts'
import { createPasteCache } from '../../src/paste/cache.ts'
import type { NewsCount } from '../../src/paste/change-news.ts'
import { BLANK_ROW } from '../../src/paste/repository.ts'
import { NO_CONTENT, toPaste } from '../../src/paste/row.ts'
import { createSharedRows, type SharedBytes } from '../../src/paste/shared-rows.ts'
import type { PasteRow } from '../../src/paste/tables.ts'

const NOW = 1_800_000_000_000

function row(change: Partial<PasteRow> = {}): PasteRow {
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
    body: Buffer.from('text'),
    ...change,
  }
}

/** A shared cache in a Map, as replicas see it; `send` puts a message on the wire, `restart` ends a gap in listening. */
function sharedBytes() {
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

function replica(time: { now: number }, bytes?: SharedBytes, count: NewsCount = () => {}) {
  const clock = { now: () => time.now }
  const shared = bytes && createSharedRows(bytes, { clock, maxAgeMs: 4_000, random: systemRandom, count })
  return createPasteCache({ clock, maxBytes: 1_000_000, maxAgeMs: 4_000, toPaste, shared })
}

describe('the cache of pastes', () => {
  test('what was loaded is known without waiting, for so long and no longer', async () => {
    const time = { now: NOW }
    const cache = replica(time)
    await cache.get('one', async () => row())
    time.now += 3_999
    expect(cache.peek('one')?.slug).toBe('one')
    time.now += 1
    expect(cache.peek('one')).toBeUndefined()
  })

  test('nothing is known past its end', async () => {
    const time = { now: NOW }
    const cache = replica(time)
    await cache.get('one', async () => row({ expires_at: NOW + 100 }))
    time.now += 99
    expect(cache.peek('one')).toBeDefined()
    time.now += 1
    expect(cache.peek('one')).toBeUndefined()
    expect(await cache.get('one', async () => row({ expires_at: NOW + 100 }))).toHaveProperty('ended')
  })

  test('readers at the same time share one load', async () => {
    let loads = 0
    const cache = replica({ now: NOW })
    const load = async () => {
      loads++
      return row()
    }
    await Promise.all(Array.from({ length: 100 }, () => cache.get('one', load)))
    expect(loads).toBe(1)
  })

  test('a load that began before a delete keeps nothing after it', async () => {
    const cache = replica({ now: NOW })
    const slow = Promise.withResolvers<PasteRow>()
    const early = cache.get('one', () => slow.promise)
    await cache.forget('one')
    slow.resolve(row())
    await early
    expect(cache.peek('one')).toBeUndefined()
    expect(await cache.get('one', async () => row({ state: 'ended', end_reason: 'deleted' }))).toHaveProperty('ended')
  })

  test("another replica's load that began before a delete does not come back through the shared cache", async () => {
    const bytes = sharedBytes()
    const [one, other] = [replica({ now: NOW }, bytes), replica({ now: NOW }, bytes)]
    const slow = Promise.withResolvers<PasteRow>()
    const early = other.get('one', () => slow.promise)
    await one.forget('one')
    slow.resolve(row())
    await early
    expect(await one.get('one', async () => row({ state: 'ended', end_reason: 'deleted' }))).toHaveProperty('ended')
  })

  test('a row comes through the shared cache as it was', async () => {
    const bytes = sharedBytes()
    const [one, other] = [replica({ now: NOW }, bytes), replica({ now: NOW }, bytes)]
    const loaded = await one.get('one', async () => row({ title: 'Ünïcode', body: null }))
    const shared = await other.get('one', async () => {
      throw new Error('not from the database')
    })
    expect(shared).toEqual(loaded)
  })

  test('a damaged entry, one of another slug or of another version is a miss', async () => {
    const bytes = sharedBytes()
    const time = { now: NOW }
    await replica(time, bytes).get('one', async () => row())
    const good = bytes.entries.get('paste:one') ?? Buffer.of()
    for (let index = 0; index < good.length; index += 7) {
      const bad = Buffer.from(good)
      bad.writeUInt8(bad.readUInt8(index) ^ 0x10, index)
      bytes.entries.set('paste:one', bad)
      expect(await replica(time, bytes).get('one', async () => undefined)).toBeUndefined()
    }
    bytes.entries.set('paste:other', good)
    expect(await replica(time, bytes).get('other', async () => undefined)).toBeUndefined()
    bytes.entries.set('paste:one', good.subarray(0, 20))
    expect(await replica(time, bytes).get('one', async () => undefined)).toBeUndefined()
  })
})

describe('replicas that tell each other', () => {
  const deleted = async () => row({ state: 'ended', end_reason: 'deleted' })

  test('a change at one drops the paste from the memory of the others at once', async () => {
    const bytes = sharedBytes()
    const [one, ...others] = [1, 2, 3].map(() => replica({ now: NOW }, bytes))
    for (const other of others) await other.get('one', async () => row())
    await one?.forget('one')
    for (const other of others) expect(other.peek('one')).toBeUndefined()
  })

  test('a load that began before another replica changed the paste keeps nothing', async () => {
    const bytes = sharedBytes()
    const [one, other] = [replica({ now: NOW }, bytes), replica({ now: NOW }, bytes)]
    const slow = Promise.withResolvers<PasteRow>()
    const early = other.get('one', () => slow.promise)
    await one.forget('one')
    slow.resolve(row())
    await early
    expect(other.peek('one')).toBeUndefined()
    expect(await other.get('one', deleted)).toHaveProperty('ended')
  })

  test('one that missed messages takes nothing of what it kept for fresh', async () => {
    const bytes = sharedBytes()
    const other = replica({ now: NOW }, bytes)
    await other.get('one', async () => row())
    const slow = Promise.withResolvers<PasteRow>()
    const early = other.get('two', () => slow.promise)
    bytes.restart()
    slow.resolve(row({ slug: 'two' }))
    await early
    expect([other.peek('one'), other.peek('two')]).toEqual([undefined, undefined])
  })

  test('a lost message makes nobody answer for longer than the age that entries have anyway', async () => {
    const time = { now: NOW }
    const bytes = sharedBytes()
    const [one, other] = [replica(time, { ...bytes, setAndTell: async () => undefined }), replica(time, bytes)]
    await other.get('one', async () => row())
    await one.forget('one')
    time.now += 3_999
    expect(other.peek('one')).toBeDefined()
    time.now += 1
    expect(await other.get('one', deleted)).toHaveProperty('ended')
  })

  test('who changes a paste never answers with what it was, even if the others can not be told', async () => {
    const time = { now: NOW }
    const bytes = sharedBytes()
    const [one, other] = [replica(time, { ...bytes, setAndTell: async () => undefined }), replica(time, bytes)]
    await other.get('one', async () => row())
    await one.forget('one')
    expect(await one.get('one', deleted)).toHaveProperty('ended')
  })

  test('what it says itself, what is garbage and what others say is told apart', async () => {
    const bytes = sharedBytes()
    const counted: string[] = []
    const one = replica({ now: NOW }, bytes, (what) => counted.push(what))
    const other = replica({ now: NOW }, bytes)
    await one.get('one', async () => row())
    await one.forget('one')
    expect(counted).toEqual(['own', 'sent'])
    await other.forget('one')
    expect(counted.slice(2)).toEqual(['heard'])
  })

  test('garbage changes nothing, whatever it is', async () => {
    const bytes = sharedBytes()
    const counted: string[] = []
    const one = replica({ now: NOW }, bytes, (what) => counted.push(what))
    await one.get('one', async () => row())
    const known = ['', 'one', '2 AAAAAAAA one', '1 AAAAAAAA one two', '1 AAAAAAAA one\n', '1 AAAAAAAA ../one']
    for (const message of [...known, `1 AAAAAAAA ${'x'.repeat(1_000_000)}`]) bytes.send(message)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        bytes.send(message)
      }),
    )
    expect(new Set(counted)).toEqual(new Set(['garbage']))
    expect(one.peek('one')).toBeDefined()
  })
})
