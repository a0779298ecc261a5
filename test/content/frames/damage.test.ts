import { describe, expect, test } from 'vitest'
import { createContent, type StoredContent } from '../../../src/content/index.ts'
import type { CountDamage } from '../../../src/core/index.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { inChunks, joined, logText, noise } from '../text.ts'

const MIB = 1024 * 1024
const KINDS = [
  ['kept as it is', noise(2 * MIB + 5)],
  ['compressed', logText(2 * MIB + 777)],
  ['kept as it is, of one frame', noise(40_000)],
] as const

/** A store whose next reads go wrong, replicas that read from it, and what they count. */
async function damagedStore(bytes: Buffer) {
  const store = createMemoryStore()
  const shared = new Map<string, Buffer>()
  const sharedCache = {
    get: async (key: string) => shared.get(key),
    set: (k: string, v: Buffer) => void shared.set(k, v),
  }
  const counted: Parameters<CountDamage>[0][] = []
  const faulty = { ...store, wrong: 0, change: (read: Buffer) => read }
  faulty.read = async (...call) => {
    const read = await store.read(...call)
    return faulty.wrong-- > 0 ? faulty.change(read) : read
  }
  const replica = () =>
    createContent({
      store: faulty,
      cacheBytes: 16 * MIB,
      inlineMaxBytes: 0,
      sharedCache,
      countDamage: (fate) => counted.push(fate),
    })
  const objectKey = randomKey()
  const stored = await replica().receive(inChunks(bytes), { objectKey, limitBytes: 50 * MIB, claim: {} })
  return { store, faulty, replica, stored, counted, shared }
}

function flipped(read: Buffer): Buffer {
  const bytes = Buffer.from(read)
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
  return bytes
}

const whole = (content: ReturnType<typeof createContent>, stored: StoredContent) =>
  joined(content.read(stored, 0, stored.sizeBytes))

describe.each(KINDS)('a byte that the store gives wrong, of a body that is %s', (_kind, bytes) => {
  test('once, costs a second read', async () => {
    const { faulty, replica, stored, counted } = await damagedStore(bytes)
    faulty.change = flipped
    faulty.wrong = 1
    expect((await whole(replica(), stored)).equals(bytes)).toBe(true)
    expect(counted).toEqual(['mended'])
  })

  test('twice, is an error, kept by no cache and handed to no other replica', async () => {
    const { faulty, replica, stored, counted } = await damagedStore(bytes)
    faulty.change = flipped
    const reader = replica()
    for (const read of [
      () => whole(reader, stored),
      () => joined(reader.encoded(stored)),
      () => joined(reader.readOnce(stored)),
    ]) {
      faulty.wrong = 2
      await expect(read()).rejects.toMatchObject({ code: 'storage_unavailable' })
      expect(counted.splice(0)).toEqual(['refused'])
      faulty.wrong = 0
    }
    expect((await whole(reader, stored)).equals(bytes)).toBe(true)
    expect((await whole(replica(), stored)).equals(bytes)).toBe(true)
    expect(counted).toEqual([])
  })

  test('in an answer that is too short, too', async () => {
    const { faulty, store, replica, stored } = await damagedStore(bytes)
    const object = store.objects.get(stored.objectKey ?? '') ?? Buffer.of()
    store.objects.set(stored.objectKey ?? '', object.subarray(0, 1_000))
    await expect(whole(replica(), stored)).rejects.toMatchObject({ code: 'storage_unavailable' })
    store.objects.set(stored.objectKey ?? '', object)
    faulty.wrong = 0
    expect((await whole(replica(), stored)).equals(bytes)).toBe(true)
  })
})

test('bytes that were wrong when Redis got them, of the former release, are read again from the store', async () => {
  const bytes = logText(40_000)
  const { faulty, replica, stored } = await damagedStore(bytes)
  const former = { ...stored, frameSums: null }
  faulty.change = flipped
  faulty.wrong = 1
  await joined(replica().encoded(former))
  expect((await whole(replica(), former)).equals(bytes)).toBe(true)
})

test('bytes that are wrong in Redis with a digest that fits are a miss', async () => {
  const bytes = noise(40_000)
  const { faulty, replica, stored, counted } = await damagedStore(bytes)
  faulty.change = flipped
  faulty.wrong = 1
  await joined(replica().encoded({ ...stored, frameSums: null }))
  expect((await whole(replica(), stored)).equals(bytes)).toBe(true)
  expect(counted).toEqual(['redis'])
})

test('checksums of another object of the row, or of a later version, are not used', async () => {
  const bytes = noise(2 * MIB)
  const { replica, stored, store } = await damagedStore(bytes)
  const other = randomKey()
  store.objects.set(other, flipped(bytes))
  expect(await whole(replica(), { ...stored, objectKey: other })).toHaveLength(bytes.length)
  const later = Buffer.from(stored.frameSums ?? '')
  later[0] = 9
  expect((await whole(replica(), { ...stored, frameSums: later })).equals(bytes)).toBe(true)
})
