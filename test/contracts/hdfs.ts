import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hdfs, HdfsEntry } from '../../src/analytics/stream/webhdfs.ts'

/** What every Hdfs promises. `open` gives one whose `/contract` is not there. */
export function hdfsContract(open: () => Promise<{ hdfs: Hdfs; close(): Promise<void> }>): void {
  let hdfs: Hdfs
  let close: () => Promise<void>
  beforeAll(async () => ({ hdfs, close } = await open()))
  afterAll(() => close())

  test('a file is read as it was written', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251))
    await hdfs.create('/contract/bytes', bytes)
    expect(await contentOf('/contract/bytes')).toEqual(bytes)
  })

  test('a second create replaces the first', async () => {
    await hdfs.create('/contract/twice', Buffer.from('first, and longer'))
    await hdfs.create('/contract/twice', Buffer.from('second'))
    expect(await contentOf('/contract/twice')).toEqual(Buffer.from('second'))
  })

  test('a file that is not there opens as undefined', async () => {
    expect(await hdfs.open('/contract/nothing')).toBeUndefined()
  })

  test('a rename moves a file', async () => {
    await hdfs.create('/contract/from', Buffer.from('moved'))
    expect(await hdfs.rename('/contract/from', '/contract/to')).toBe(true)
    expect(await contentOf('/contract/to')).toEqual(Buffer.from('moved'))
    expect(await hdfs.open('/contract/from')).toBeUndefined()
  })

  test('a rename to a name that is taken changes nothing and says so', async () => {
    await hdfs.create('/contract/new', Buffer.from('new'))
    await hdfs.create('/contract/taken', Buffer.from('old'))
    expect(await hdfs.rename('/contract/new', '/contract/taken')).toBe(false)
    expect(await contentOf('/contract/taken')).toEqual(Buffer.from('old'))
    expect(await contentOf('/contract/new')).toEqual(Buffer.from('new'))
  })

  test('a rename of nothing says so', async () => {
    await hdfs.makeFolder('/contract/here')
    expect(await hdfs.rename('/contract/never', '/contract/here/now')).toBe(false)
  })

  test('a folder may be made twice, and lists what is in it by name', async () => {
    await hdfs.makeFolder('/contract/a/day=2026-11-23/partition=0')
    await hdfs.makeFolder('/contract/a/day=2026-11-23/partition=0')
    await hdfs.create('/contract/a/zebra', Buffer.from('four'))
    await hdfs.create('/contract/a/ant', Buffer.from('three'))
    const entries = await listed('/contract/a')
    expect(entries.map(({ name, isFolder, sizeBytes }) => ({ name, isFolder, sizeBytes }))).toEqual([
      { name: 'ant', isFolder: false, sizeBytes: 5 },
      { name: 'day=2026-11-23', isFolder: true, sizeBytes: 0 },
      { name: 'zebra', isFolder: false, sizeBytes: 4 },
    ])
    expect(entries[0]?.modifiedAt).toBeGreaterThan(Date.UTC(2026, 0))
  })

  test('a folder that is not there lists nothing', async () => {
    expect(await listed('/contract/no/such/folder')).toEqual([])
  })

  test('a removed file is gone, and removing it again says so', async () => {
    await hdfs.create('/contract/removed', Buffer.from('x'))
    expect(await hdfs.remove('/contract/removed')).toBe(true)
    expect(await hdfs.open('/contract/removed')).toBeUndefined()
    expect(await hdfs.remove('/contract/removed')).toBe(false)
  })

  async function listed(path: string): Promise<HdfsEntry[]> {
    const entries: HdfsEntry[] = []
    for await (const entry of hdfs.list(path)) entries.push(entry)
    return entries
  }

  async function contentOf(path: string): Promise<Buffer | undefined> {
    const content = await hdfs.open(path)
    if (!content) return undefined
    const chunks: Buffer[] = []
    for await (const chunk of content) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
}
