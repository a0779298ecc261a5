import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDiskStore } from '../../../src/content/index.ts'
import { diskError } from '../../../src/content/stores/disk-errors.ts'
import { describeObjectStore, putObject, randomKey } from '../../contracts/object-store.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'objects-'))
})
afterAll(() => rm(folder, { recursive: true }))

describeObjectStore('disk', async () => createDiskStore(join(folder, 'contract')))

describe('the object store on disk', () => {
  test('forgets at start what an earlier process left unfinished, and keeps the rest', async () => {
    const root = join(folder, 'restart')
    const before = createDiskStore(root)
    await before.prepare()
    const key = randomKey()
    await putObject(before, key, Buffer.from('kept'))
    const unfinished = before.create(randomKey())
    await unfinished.write(Buffer.from('lost'))
    expect(await readdir(join(root, 'unfinished'))).toHaveLength(1)

    const after = createDiskStore(root)
    await after.prepare()
    expect(await readdir(join(root, 'unfinished'))).toEqual([])
    expect((await after.read(key, 0, 4)).toString()).toBe('kept')
    // The earlier process would have died, and its open file with it.
    await unfinished.abort()
  })

  test('is not healthy before its folder is there', async () => {
    await expect(createDiskStore(join(folder, 'never')).check()).rejects.toMatchObject({ code: 'storage_unavailable' })
  })

  test('says storage_unavailable when it can not write', async () => {
    const writer = createDiskStore(join(folder, 'never')).create(randomKey())
    await expect(writer.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'storage_unavailable' })
  })

  test.each([
    ['ENOSPC', 'storage_full'],
    ['EDQUOT', 'storage_full'],
    ['EIO', 'storage_unavailable'],
    ['EROFS', 'storage_unavailable'],
  ])('tells the client of %s as %s', (code, expected) => {
    expect(diskError(Object.assign(new Error(code), { code })).code).toBe(expected)
  })
})
