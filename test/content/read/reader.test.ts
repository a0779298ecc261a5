import { zstdDecompressSync } from 'node:zlib'
import { assert, asyncProperty, integer, nat } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContent, type SharedFrameCache, type StoredContent } from '../../../src/content/index.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { inChunks, joined, logText, noise } from '../text.ts'

const MIB = 1024 * 1024
const TEXT = logText(3 * MIB + 777)
const NOISE = noise(2 * MIB + 5)

async function roomWith(bytes: Buffer, options: { cacheBytes?: number; inlineMaxBytes?: number } = {}) {
  const store = createMemoryStore()
  const content = createContent({ store, cacheBytes: 16 * MIB, inlineMaxBytes: 0, ...options })
  const objectKey = randomKey()
  const stored = await content.receive(inChunks(bytes), { objectKey, limitBytes: 50 * MIB, claim: {} })
  return { store, content, stored, objectKey }
}

/** The object with one byte changed. */
function damage(objects: Map<string, Buffer>, objectKey: string, at: number): void {
  const bytes = Buffer.from(objects.get(objectKey) as Buffer)
  bytes[at] = (bytes[at] as number) ^ 0x10
  objects.set(objectKey, bytes)
}

describe('reading', () => {
  test.each([
    ['compressed', TEXT, 16 * MIB],
    ['compressed, without a cache', TEXT, 0],
    ['kept as it is', NOISE, 16 * MIB],
    ['in the row', logText(9000), 0, 16_384],
  ])('any range equals that slice: %s', async (_, bytes, cacheBytes, inlineMaxBytes = 0) => {
    const { content, stored } = await roomWith(bytes, { cacheBytes, inlineMaxBytes })
    await assert(
      asyncProperty(nat(bytes.length), nat(bytes.length), async (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a]
        const read = await joined(content.read(stored, start, end))
        expect(read.equals(bytes.subarray(start, end))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('a range outside the content is refused', async () => {
    const { content, stored } = await roomWith(Buffer.from('abc'))
    for (const [start, end] of [
      [-1, 2],
      [2, 1],
      [0, 4],
      [Number.NaN, 2],
    ] as const) {
      expect(() => content.read(stored, start, end)).toThrow(RangeError)
    }
  })

  test('a short range touches only the frames that hold it', async () => {
    const { content, stored, store } = await roomWith(NOISE)
    await joined(content.read(stored, MIB + 5, MIB + 9))
    expect(store.reads).toBe(1)
    await joined(content.read(stored, MIB - 5, MIB + 5))
    expect(store.reads).toBe(2)
  })

  test('the stored bytes are one valid zstd body', async () => {
    const { content, stored, objectKey, store } = await roomWith(TEXT)
    const encoded = await joined(content.encoded(stored))
    expect(encoded).toHaveLength(stored.storedBytes)
    expect(encoded.length).toBeLessThan(store.objects.get(objectKey)?.length ?? 0)
    expect(zstdDecompressSync(encoded).equals(TEXT)).toBe(true)
    expect(store.reads).toBe(1)
  })

  test('a reader who leaves in the middle gets no more', async () => {
    const { content, stored } = await roomWith(TEXT)
    const leaving = new AbortController()
    const pieces = content.read(stored, 0, TEXT.length, leaving.signal)
    await pieces.next()
    leaving.abort(new Error('gone'))
    await expect(pieces.next()).rejects.toThrow('gone')
  })

  test.each([40_000, 200_000])('no byte of a stored object can change unnoticed: %d bytes', async (sizeBytes) => {
    const text = logText(sizeBytes)
    const { content, stored, store, objectKey } = await roomWith(text, { cacheBytes: 0 })
    const original = store.objects.get(objectKey) as Buffer
    await assert(
      asyncProperty(integer({ min: 0, max: stored.storedBytes - 1 }), async (at) => {
        damage(store.objects, objectKey, at)
        const read = joined(content.read(stored, 0, stored.sizeBytes)).catch((error: unknown) => error)
        const result = await read
        // The reserved and unused bits of a frame header may change without changing the content.
        if (Buffer.isBuffer(result)) expect(result.equals(text)).toBe(true)
        else expect(result).toMatchObject({ code: 'storage_unavailable' })
        store.objects.set(objectKey, original)
      }),
      { numRuns: 60 },
    )
  })

  test('a damaged frame in the middle fails there, and the next reader of the whole object is served', async () => {
    const { content, stored, store, objectKey } = await roomWith(TEXT, { cacheBytes: 0 })
    const original = store.objects.get(objectKey) as Buffer
    damage(store.objects, objectKey, (content.frames(stored)[1]?.storedOffset ?? 0) + 5000)
    await expect(joined(content.read(stored, 0, TEXT.length))).rejects.toMatchObject({ code: 'storage_unavailable' })
    store.objects.set(objectKey, original)
    expect((await joined(content.read(stored, 0, TEXT.length))).equals(TEXT)).toBe(true)
  })

  test('a missing object is said to be missing', async () => {
    const { content, stored, objectKey } = await roomWith(TEXT)
    await content.remove(objectKey)
    await expect(joined(content.read(stored, 0, 1))).rejects.toMatchObject({ code: 'blob_missing' })
  })
})

describe('the cache', () => {
  test('two thousand readers of a cold paste cost one read of the store', async () => {
    const { content, stored, store } = await roomWith(logText(200_000))
    const all = await Promise.all(Array.from({ length: 2000 }, () => joined(content.read(stored, 100, 200))))
    expect(all.every((bytes) => bytes.equals(all[0] as Buffer))).toBe(true)
    expect(store.reads).toBe(1)
  })

  test('a reader who leaves does not spoil it for the others', async () => {
    const { content, stored } = await roomWith(TEXT)
    const leaving = new AbortController()
    const left = joined(content.read(stored, 0, TEXT.length, leaving.signal))
    const stayed = joined(content.read(stored, 0, TEXT.length))
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect((await stayed).equals(TEXT)).toBe(true)
  })

  test('a failed read is not remembered', async () => {
    const { content, stored, store, objectKey } = await roomWith(TEXT)
    const object = store.objects.get(objectKey) as Buffer
    store.objects.delete(objectKey)
    await expect(joined(content.read(stored, 0, 10))).rejects.toMatchObject({ code: 'blob_missing' })
    store.objects.set(objectKey, object)
    expect((await joined(content.read(stored, 0, 10))).equals(TEXT.subarray(0, 10))).toBe(true)
  })

  test('stays within its bytes', async () => {
    const { content, stored } = await roomWith(NOISE, { cacheBytes: 1.5 * MIB })
    for (let round = 0; round < 3; round++) await joined(content.read(stored, 0, NOISE.length))
    expect(content.cachedBytes()).toBeLessThanOrEqual(1.5 * MIB)
  })
})

describe('the second level', () => {
  const remembering = () => {
    const kept = new Map<string, Buffer>()
    return {
      kept,
      get: async (key: string) => kept.get(key),
      set: (key: string, value: Buffer) => void kept.set(key, value),
    }
  }
  const readAs = (stored: StoredContent, store: ReturnType<typeof createMemoryStore>, sharedCache: SharedFrameCache) =>
    joined(createContent({ store, cacheBytes: 0, inlineMaxBytes: 0, sharedCache }).read(stored, 0, stored.sizeBytes))

  test('spares another replica the store', async () => {
    const second = remembering()
    const text = logText(100_000)
    const { stored, store } = await roomWith(text)
    await readAs(stored, store, second)
    expect((await readAs(stored, store, second)).equals(text)).toBe(true)
    expect(store.reads).toBe(1)
  })

  test('that gives wrong bytes costs a read and no more', async () => {
    const second = remembering()
    const bytes = noise(20_000)
    const { stored, store } = await roomWith(bytes)
    await readAs(stored, store, second)
    for (const value of second.kept.values()) value.fill(0)
    expect((await readAs(stored, store, second)).equals(bytes)).toBe(true)
  })

  test('is not asked for large frames', async () => {
    const second = remembering()
    const { stored, store } = await roomWith(NOISE)
    await readAs(stored, store, second)
    expect(second.kept.size).toBe(1)
  })
})
