import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { lockDataFolder } from '../../src/platform/index.ts'
import { bearer, type Created, create, logText, send } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { mayMount, release, smallDisk } from '../blackbox/small-disk.ts'
import { patiently } from '../patience.ts'
import { backup } from './backup-command.ts'
import { fsck, LARGE_BYTES } from './fsck-command.ts'

// Each test starts several processes, one after the other.
vi.setConfig({ testTimeout: patiently(30_000), hookTimeout: patiently(30_000) })

describe('a backup can not hurt', () => {
  let base: string
  let service: Service
  let noise: Created
  let log: Created
  let secret: Created
  let deleted: Created
  /** A folder with one generation, taken while the service runs; and a copy of both for each test. */
  let taken: { code: number; text: string }
  let folder: string
  let data: string
  const generations = (of = folder) => readdirSync(join(of, 'generations'))
  const from = () => ({ DATA_DIR: data })

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'pastebin-backup-'))
    service = await startService({ DATA_DIR: join(base, 'from') })
    noise = await create(service.url, randomBytes(LARGE_BYTES))
    log = await create(service.url, logText(LARGE_BYTES))
    secret = await create(service.url, 'for one reader', 'burnAfterReading=true')
    deleted = await create(service.url, 'soon deleted')
    taken = await backup('backup', { DATA_DIR: join(base, 'from') }, join(base, 'backup'))
    await send(`${service.url}/api/v1/pastes/${deleted.slug}`, { method: 'DELETE', headers: bearer(deleted.editToken) })
    await service.kill('SIGTERM')
  })
  afterAll(async () => {
    await service.stop()
    rmSync(base, { recursive: true, force: true })
  })
  beforeEach(() => {
    const place = mkdtempSync(join(base, 'test-'))
    folder = join(place, 'backup')
    data = join(place, 'data')
    cpSync(join(base, 'backup'), folder, { recursive: true })
    cpSync(join(base, 'from'), data, { recursive: true })
  })

  /** The file of a paste's object, found by its size among the two. */
  function objectOf(what: Created, root = data): string {
    const objects = join(root, 'objects')
    const files = readdirSync(objects)
      .filter((shard) => shard.length === 2)
      .flatMap((shard) => readdirSync(join(objects, shard)).map((key) => join(objects, shard, key)))
    const isNoise = (file: string) => readFileSync(file).length === LARGE_BYTES
    return files.find((file) => isNoise(file) === (what === noise)) ?? ''
  }
  const flip = (file: string) => {
    const bytes = readFileSync(file)
    bytes.writeUInt8(bytes.readUInt8(1_000) ^ 1, 1_000)
    writeFileSync(file, bytes)
  }

  test('taken beside an embedded service that runs, it is whole and names where it is from', async () => {
    expect(taken.code).toBe(0)
    expect(taken.text).toContain(`from embedded database ${join(base, 'from', 'pastes.db')}, folder`)
    expect(taken.text).toContain('4 pastes and 0 tombstones')
    expect(generations()).toHaveLength(1)
  })

  test('without its settings, as cron runs it, makes no database and changes nothing', async () => {
    const { code, text } = await backup('backup', { DATA_DIR: join(data, 'nowhere') }, folder)
    expect(code).toBe(2)
    expect(text).toMatch(/^no backup was made: there is no database in .*: set DATA_DIR or DATABASE_URL/m)
    expect(existsSync(join(data, 'nowhere'))).toBe(false)
    expect(generations()).toHaveLength(1)
  })

  test('of another database is refused', async () => {
    const other = await startService({ DATA_DIR: join(data, 'other') })
    await other.kill('SIGTERM')
    const { code, text } = await backup('backup', { DATA_DIR: join(data, 'other') }, folder, '--force')
    expect(text).toMatch(/holds backups of another database \([0-9a-f]{32}, of embedded database/)
    expect(code).toBe(2)
    expect(generations()).toHaveLength(1)
    await other.stop()
  })

  test('that would have less than half of the pastes wants --force', async () => {
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(join(data, 'pastes.db'))
    database.exec(`delete from pastes where slug <> '${noise.slug}'`)
    database.close()
    const refused = await backup('backup', from(), folder)
    expect(refused.text).toContain('there are 1 pastes and the last backup')
    expect(refused.code).toBe(2)
    expect(generations()).toHaveLength(1)
    expect(await backup('backup', from(), folder, '--force')).toMatchObject({ code: 0 })
    expect(generations()).toHaveLength(2)
  })

  test('waits for no other: a second one at once is refused, and what a killed one left is cleared away', async () => {
    const unlock = lockDataFolder(folder)
    const { code, text } = await backup('backup', from(), folder)
    unlock()
    expect(code).toBe(2)
    expect(text).toContain('another backup or restore is at work')
    const killed = join(folder, 'generations', '2999-01-01T00-00-00.000Z.part')
    mkdirSync(killed)
    writeFileSync(join(killed, 'rows.ndjson.zst'), 'half a ro')
    expect((await backup('restore', { DATA_DIR: join(data, 'new') }, folder)).text).toContain('3 pastes')
    expect(await backup('backup', from(), folder, '--keep', '1')).toMatchObject({ code: 0 })
    expect(generations()).toHaveLength(1)
    expect(generations()[0]).not.toContain('part')
  })

  test.runIf(mayMount)('onto a disk that is too small ends in words and keeps the older one', async () => {
    const disk = smallDisk(1) ?? ''
    try {
      expect(await backup('backup', from(), disk)).toMatchObject({ code: 0 })
      rmSync(join(disk, 'objects'), { recursive: true })
      writeFileSync(join(disk, 'filler'), Buffer.alloc(700_000))
      const { code, text } = await backup('backup', from(), disk)
      expect(text).toMatch(/no backup was made: .*(space|full|storage)/i)
      expect(code).toBe(2)
      expect(generations(disk)).toHaveLength(1)
    } finally {
      release(disk)
    }
  })

  test('of damaged content names it, leaves it out and holds the rest; fsck finds it too', async () => {
    flip(objectOf(noise))
    truncateSync(objectOf(log), 100)
    const compared = await fsck(from())
    expect(compared.text).toMatch(new RegExp(`damaged content .* of paste ${log.slug}: Its object has 100 bytes`))
    expect(compared.text).not.toContain(noise.slug)
    expect(compared.code).toBe(1)
    const read = await fsck(from(), '--verify')
    for (const { slug } of [log, noise]) expect(read.text).toMatch(new RegExp(`damaged content .* of paste ${slug}`))
    expect(read.code).toBe(1)
    const fresh = join(data, 'fresh')
    const { code, text } = await backup('backup', from(), fresh, '--metrics', join(data, 'backup.prom'))
    expect(code).toBe(1)
    for (const { slug } of [log, noise]) expect(text).toContain(`The content of ${slug} is damaged`)
    expect(readFileSync(join(data, 'backup.prom'), 'utf8')).toMatch(/^paste_backup_skipped_pastes 2$/m)
    expect((await backup('restore', { DATA_DIR: join(data, 'new') }, fresh)).text).toContain('0 pastes and 1 tombstone')
  })

  test('puts lost and shortened objects of its rows back, and says what a dry run would do', async () => {
    rmSync(objectOf(noise))
    truncateSync(objectOf(log), 100)
    const dry = await backup('restore', from(), folder, '--dry-run')
    expect(dry.text).toContain('2 missing or damaged objects would be put back')
    expect(await fsck(from())).toMatchObject({ code: 1 })
    expect((await backup('restore', from(), folder)).text).toContain('2 missing or damaged objects put back')
    flip(objectOf(noise))
    expect((await backup('restore', from(), folder, '--verify')).text).toContain('1 missing or damaged object put back')
    const clean = await fsck(from(), '--verify')
    expect(clean.text).toMatch(/read 3 pastes, \d+ bytes: all as they were stored/)
    expect(clean.code).toBe(0)
  })

  test('that was damaged itself restores no wrong byte', async () => {
    flip(objectOf(noise, folder))
    const { code, text } = await backup('restore', { DATA_DIR: join(data, 'new') }, folder)
    expect(text).toContain(`In the backup, the content of ${noise.slug} is damaged`)
    expect(code).toBe(1)
    expect(await fsck({ DATA_DIR: join(data, 'new') }, '--verify')).toMatchObject({ code: 0 })
  })

  test('brings back nothing that was read or deleted', async () => {
    const [first] = generations()
    expect(await backup('backup', from(), folder)).toMatchObject({ code: 0 })
    const to = { DATA_DIR: join(data, 'new') }
    const { text } = await backup('restore', to, folder, '--generation', `${first}`)
    expect(text).toContain('2 pastes and 0 tombstones restored')
    expect(text).toContain('1 left out: a later backup says that they ended')
    expect(text).toContain('1 of limited readings count as read')
    const restored = await startService(to)
    const statusOf = async (slug: string) => (await send(`${restored.url}/api/v1/pastes/${slug}`)).status
    expect([await statusOf(noise.slug), await statusOf(secret.slug), await statusOf(deleted.slug)]).toEqual([
      200, 410, 404,
    ])
    await restored.stop()
    const move = await backup('restore', { DATA_DIR: join(data, 'moved') }, folder, '--limited')
    expect(move.text).toContain('3 pastes and 1 tombstone restored')
  })

  test('that the former release made is restored, and is the oldest generation of the next one', async () => {
    renameSync(join(folder, 'generations', generations()[0] ?? '', 'rows.ndjson.zst'), join(folder, 'rows.ndjson.zst'))
    rmSync(join(folder, 'generations'), { recursive: true })
    expect((await backup('restore', { DATA_DIR: join(data, 'new') }, folder)).text).toContain('3 pastes')
    expect((await backup('backup', from(), folder)).text).toContain('0 objects copied')
    expect(generations()).toHaveLength(2)
    const restored = await backup(
      'restore',
      { DATA_DIR: join(data, 'newer') },
      folder,
      '--generation',
      generations()[0] ?? '',
    )
    expect(restored.text).toContain('2 pastes')
  })
})
