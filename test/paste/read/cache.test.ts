import { describe, expect, test } from 'vitest'
import { deleteDuringLoad, deleted, NOW, replica, row, sharedBytes } from './caches.ts'

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
    await expect(cache.get('one', async () => row({ expires_at: NOW + 100 }))).rejects.toHaveProperty('code', 'expired')
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
    await deleteDuringLoad(cache, cache)
    expect(cache.peek('one')).toBeUndefined()
    await expect(cache.get('one', deleted)).rejects.toHaveProperty('code', 'deleted')
  })

  test("another replica's load that began before a delete does not come back through the shared cache", async () => {
    const bytes = sharedBytes()
    const [one, other] = [replica({ now: NOW }, bytes), replica({ now: NOW }, bytes)]
    await deleteDuringLoad(one, other)
    await expect(one.get('one', deleted)).rejects.toHaveProperty('code', 'deleted')
  })

  test('a row comes through the shared cache as it was', async () => {
    const bytes = sharedBytes()
    const [one, other] = [replica({ now: NOW }, bytes), replica({ now: NOW }, bytes)]
    const loaded = await one.get('one', async () =>
      row({ title: 'Ünïcode', body: null, object_key: 'k'.repeat(27), frame_sums: Buffer.from([1, 2]) }),
    )
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
      await expect(replica(time, bytes).get('one', async () => undefined)).rejects.toHaveProperty('code', 'not_found')
    }
    bytes.entries.set('paste:other', good)
    await expect(replica(time, bytes).get('other', async () => undefined)).rejects.toHaveProperty('code', 'not_found')
    bytes.entries.set('paste:one', good.subarray(0, 20))
    await expect(replica(time, bytes).get('one', async () => undefined)).rejects.toHaveProperty('code', 'not_found')
  })
})
