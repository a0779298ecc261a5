import { cpSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { bearer, create, logText, send } from '../blackbox/client.ts'
import { startService } from '../blackbox/service.ts'
import { randomKey } from '../contracts/object-store.ts'
import { CLEAN, compare, fsck, HOUR_MS, LARGE_BYTES } from './fsck-command.ts'

describe('fsck on SQLite and a folder', () => {
  const slugs: string[] = []
  let original: string
  let folder: string
  let environment: Record<string, string>
  const objects = () => join(folder, 'objects')

  /** Puts a file into the store that was last written two hours ago. */
  function plant(name: string, place: string): void {
    const file = join(objects(), place, name)
    writeFileSync(file, 'x')
    utimesSync(file, new Date(), new Date(Date.now() - 2 * HOUR_MS))
  }
  const shards = () => readdirSync(objects()).filter((name) => name.length === 2)
  const shard = () => shards()[0] ?? ''
  const keyIn = (name: string) => `${name}${randomKey()}`.slice(0, 27)

  beforeAll(async () => {
    original = mkdtempSync(join(tmpdir(), 'pastebin-fsck-'))
    const service = await startService({ DATA_DIR: original })
    for (const sizeBytes of [10, LARGE_BYTES, LARGE_BYTES])
      slugs.push((await create(service.url, logText(sizeBytes))).slug)
    await service.stop()
  })
  afterAll(() => rmSync(original, { recursive: true, force: true }))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pastebin-fsck-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(original, folder, { recursive: true })
    environment = { DATA_DIR: folder }
  })

  test('a folder that a service left is clean', async () => {
    const { code, text } = await fsck(environment)
    expect(text).toMatch(/^compared 3 rows with 2 objects\nclean\n$/)
    expect(code).toBe(0)
  })

  test('a folder that a service holds is refused', async () => {
    const service = await startService(environment)
    onTestFinished(() => service.stop())
    const { code, text } = await fsck(environment)
    expect(text).toMatch(/in use by another server/)
    expect(code).toBe(2)
  })

  test('a folder without a database is refused, and nothing is made there', async () => {
    const empty = join(folder, 'empty')
    const { code, text } = await fsck({ DATA_DIR: empty })
    expect(text).toMatch(/there is no database in/)
    expect(code).toBe(2)
    expect(readdirSync(folder)).not.toContain('empty')
  })

  test('what nobody knows is reported, left alone, and removed by --repair', async () => {
    const unknown = keyIn(shard())
    const draft = randomKey()
    plant(unknown, shard())
    plant(draft, 'unfinished')

    const found = await fsck(environment)
    expect(found.text).toContain(`unknown object     ${unknown}  1 bytes, written `)
    expect(found.text).toContain(`unfinished upload  ${draft}  begun `)
    expect(found.text).toContain('0 missing objects, 1 unknown object, 1 unfinished upload; 0 removed\n')
    expect(found.code).toBe(1)

    const repaired = await fsck(environment, '--repair')
    expect(repaired.text).toContain('2 removed')
    expect(repaired.code).toBe(0)
    expect(await fsck(environment)).toMatchObject({ code: 0 })
    expect(readdirSync(join(objects(), 'unfinished'))).toEqual([])
  })

  test('what is younger than an hour is left alone', async () => {
    writeFileSync(join(objects(), shard(), keyIn(shard())), 'x')
    writeFileSync(join(objects(), 'unfinished', randomKey()), 'x')
    expect(await compare(environment, { repair: true })).toMatchObject({ ...CLEAN, objects: 3, young: 1 })
    expect(await compare(environment, { laterMs: HOUR_MS + 1_000 })).toMatchObject({
      found: { missing: 0, unknown: 1, unfinished: 1 },
    })
  })

  test('names that are not ours are counted and never removed', async () => {
    plant(`${shard()}.txt`, shard())
    plant('not-ours-either', 'unfinished')
    expect(await compare(environment, { repair: true, force: true })).toMatchObject({ ...CLEAN, foreign: 2 })
    expect(readdirSync(join(objects(), shard()))).toContain(`${shard()}.txt`)
  })

  test('a paste without its object is named, and its row is not touched', async () => {
    const name = shard()
    for (const key of readdirSync(join(objects(), name))) rmSync(join(objects(), name, key))
    const { code, text } = await fsck(environment, '--repair')
    expect(text).toMatch(/^missing object {5}[0-9A-Za-z]{27} {2}of paste [0-9A-Za-z]{8}$/m)
    expect(slugs).toContain(/of paste (\w+)/.exec(text)?.[1])
    expect(code).toBe(1)
    expect(await compare(environment)).toMatchObject({ rows: 3, found: { unknown: 0 } })
  })

  test('more unknown objects than known ones are removed only by --force', async () => {
    for (let count = 0; count < 3; count++) plant(keyIn(shard()), shard())
    const refused = await fsck(environment, '--repair')
    expect(refused.text).toMatch(/More objects are unknown than known/)
    expect(refused.code).toBe(1)
    expect(await compare(environment, { repair: true, force: true })).toMatchObject({ removed: 3, refused: false })
    expect(await compare(environment)).toMatchObject({ ...CLEAN, objects: 2 })
  })

  test('objects that wait for their removal are known', async () => {
    const service = await startService(environment)
    const { slug, editToken } = await create(service.url, logText(LARGE_BYTES))
    await send(`${service.url}/api/v1/pastes/${slug}`, { method: 'DELETE', headers: bearer(editToken) })
    await service.stop()
    expect(await compare(environment, { repair: true, laterMs: 2 * HOUR_MS })).toMatchObject({ ...CLEAN, objects: 3 })
  })

  test('more rows and objects than fit one page are all seen', async () => {
    const database = new DatabaseSync(join(folder, 'pastes.db'))
    database.exec(`create table copy as select * from pastes where object_key is null limit 1; begin`)
    const insert = database.prepare(`insert into pastes select * from copy`)
    const rename = database.prepare(`update copy set slug = ?, object_key = ?`)
    for (let count = 0; count < 1_200; count++) {
      // Half of them name an object that isn't there.
      rename.run(`row-${count}`, count % 2 ? randomKey() : null)
      insert.run()
    }
    database.exec('commit; drop table copy')
    database.close()
    for (let count = 0; count < 1_100; count++) plant(keyIn(shard()), shard())
    expect(await compare(environment, { repair: true, force: true })).toMatchObject({
      rows: 1_203,
      objects: 1_102,
      found: { missing: 600, unknown: 1_100, unfinished: 0 },
      removed: 1_100,
    })
  })

  test('an option that does not exist is refused', async () => {
    expect(await fsck(environment, '--repiar')).toMatchObject({ code: 2 })
  })
})
