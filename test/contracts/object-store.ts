import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ObjectStore } from '../../src/content/index.ts'

const MIB = 1024 * 1024

/** A fresh object key of the form that the service uses. */
export function randomKey(): string {
  return randomBytes(40).toString('base64').replace(/[+/=]/g, '').slice(0, 27).padEnd(27, 'x')
}

/** Writes `bytes` in pieces and commits them. */
export async function putObject(store: ObjectStore, key: string, bytes: Buffer, pieceBytes = MIB): Promise<void> {
  const writer = store.create(key)
  for (let at = 0; at < bytes.length; at += pieceBytes) await writer.write(bytes.subarray(at, at + pieceBytes))
  await writer.commit(bytes.length)
}

/** Every key in the store. */
export async function listKeys(store: ObjectStore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list()) keys.push(key)
  return keys
}

/**
 * What every object store does. `make` gives a store of its own for this suite; it is prepared and closed here.
 */
export function describeObjectStore(name: string, make: () => Promise<ObjectStore>): void {
  describe(`the object store on ${name}`, () => {
    let store: ObjectStore
    beforeAll(async () => {
      store = await make()
      await store.prepare()
    })
    afterAll(() => store.close())

    test('gives back what was written', async () => {
      const key = randomKey()
      const bytes = randomBytes(100_000)
      await putObject(store, key, bytes, 30_000)
      expect((await store.read(key, 0, bytes.length)).equals(bytes)).toBe(true)
    })

    test('gives any range exactly', async () => {
      const key = randomKey()
      const bytes = randomBytes(5000)
      await putObject(store, key, bytes)
      for (const [offset, length] of [
        [0, 1],
        [4999, 1],
        [1234, 777],
      ] as const) {
        expect(await store.read(key, offset, length)).toEqual(bytes.subarray(offset, offset + length))
      }
    })

    test('keeps an object of 12 MiB, several parts, exactly', async () => {
      const key = randomKey()
      const bytes = randomBytes(12 * MIB + 17)
      await putObject(store, key, bytes)
      expect((await store.read(key, 0, bytes.length)).equals(bytes)).toBe(true)
      expect(await store.read(key, 5 * MIB - 3, 6)).toEqual(bytes.subarray(5 * MIB - 3, 5 * MIB + 3))
    })

    test('keeps an object that fills its parts exactly', async () => {
      const key = randomKey()
      const bytes = randomBytes(10 * MIB)
      await putObject(store, key, bytes)
      expect((await store.read(key, 0, bytes.length)).equals(bytes)).toBe(true)
    })

    test('has no need of a chunk once it is written', async () => {
      const key = randomKey()
      const chunk = Buffer.alloc(1000, 'a')
      const writer = store.create(key)
      await writer.write(chunk)
      chunk.fill('b')
      await writer.write(chunk)
      chunk.fill('c')
      await writer.commit(2000)
      expect((await store.read(key, 0, 2000)).toString()).toBe('a'.repeat(1000) + 'b'.repeat(1000))
    })

    test('says blob_missing for an object that never was', async () => {
      await expect(store.read(randomKey(), 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
    })

    test('refuses a range that leaves the object', async () => {
      const key = randomKey()
      await putObject(store, key, Buffer.alloc(10))
      await expect(store.read(key, 5, 6)).rejects.toMatchObject({ code: 'storage_unavailable' })
      await expect(store.read(key, 10, 1)).rejects.toMatchObject({ code: 'storage_unavailable' })
    })

    test('a removed object is gone, and removing it again is no error', async () => {
      const key = randomKey()
      await putObject(store, key, Buffer.from('x'))
      await store.remove(key)
      await store.remove(key)
      await expect(store.read(key, 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
    })

    test('shows nothing before commit', async () => {
      const key = randomKey()
      const writer = store.create(key)
      await writer.write(randomBytes(6 * MIB))
      await expect(store.read(key, 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
      expect(await listKeys(store)).not.toContain(key)
      await writer.abort()
    })

    test.each([0, 1, 1000, 5 * MIB, 5 * MIB + 1, 11 * MIB])(
      'an attempt aborted after %d bytes leaves nothing',
      async (bytes) => {
        const key = randomKey()
        const writer = store.create(key)
        if (bytes > 0) await writer.write(randomBytes(bytes))
        await writer.abort()
        await writer.abort()
        await expect(store.read(key, 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
        expect(await listKeys(store)).not.toContain(key)
        await expect(writer.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'storage_unavailable' })
      },
    )

    test('an attempt aborted in the middle of a write leaves nothing', async () => {
      const key = randomKey()
      const writer = store.create(key)
      const writing = writer.write(randomBytes(16 * MIB)).catch(() => {})
      await writer.abort()
      await writing
      await expect(store.read(key, 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
    })

    test.each([999, 1001])('a commit of 1000 bytes as %d is refused and leaves nothing', async (claimed) => {
      const key = randomKey()
      const writer = store.create(key)
      await writer.write(randomBytes(1000))
      await expect(writer.commit(claimed)).rejects.toMatchObject({ code: 'storage_unavailable' })
      await expect(store.read(key, 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
    })

    test('abort after commit changes nothing', async () => {
      const key = randomKey()
      const writer = store.create(key)
      await writer.write(Buffer.from('kept'))
      await writer.commit(4)
      await writer.abort()
      expect((await store.read(key, 0, 4)).toString()).toBe('kept')
    })

    test('removing a key ends the unfinished write under it', async () => {
      const key = randomKey()
      const writer = store.create(key)
      await writer.write(randomBytes(6 * MIB))
      await store.remove(key)
      await expect(store.read(key, 0, 1)).rejects.toMatchObject({ code: 'blob_missing' })
      await writer.abort()
    })

    test('lists every object with its size', async () => {
      const key = randomKey()
      await putObject(store, key, Buffer.alloc(321))
      const found: { key: string; sizeBytes: number }[] = []
      for await (const { key: listed, sizeBytes } of store.list()) found.push({ key: listed, sizeBytes })
      expect(found).toContainEqual({ key, sizeBytes: 321 })
    })

    test('answers its health check, and preparing it again is harmless', async () => {
      await store.prepare()
      await store.check()
    })
  })
}
