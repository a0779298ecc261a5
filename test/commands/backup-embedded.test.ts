import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { bearer, type Created, create, logText, send, sendJson } from '../blackbox/client.ts'
import { type Service, startService } from '../blackbox/service.ts'
import { createBucket, createDatabase, whenService } from '../services/index.ts'
import { backup } from './backup-command.ts'
import { fsck, LARGE_BYTES } from './fsck-command.ts'

// Each test starts several processes, one after the other.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a backup of an embedded service', () => {
  let data: string
  let folder: string
  let small: Created
  let large: Created
  let deleted: Created
  const content = { small: Buffer.from('a small paste\n'), large: logText(8_000_000) }
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'pastebin-backup-'))
    folder = join(data, 'backup')
    const service = await startService({ DATA_DIR: join(data, 'from') })
    small = await create(service.url, content.small, 'title=Gr%C3%BC%C3%9Fe&expiresIn=7d')
    large = await create(service.url, content.large)
    deleted = await create(service.url, logText(LARGE_BYTES))
    await create(service.url, 'soon over', 'expiresIn=1')
    await send(`${service.url}/api/v1/pastes/${deleted.slug}`, { method: 'DELETE', headers: bearer(deleted.editToken) })
    await service.stop()
    expect(await backup('backup', { DATA_DIR: join(data, 'from') }, folder)).toMatchObject({ code: 0 })
  })
  afterAll(() => rmSync(data, { recursive: true, force: true }))

  /** Everything that was made is as it was. */
  async function expectAll({ url }: Service): Promise<void> {
    for (const name of ['small', 'large'] as const) {
      const { slug } = name === 'small' ? small : large
      expect((await send(`${url}/raw/${slug}`)).bytes.equals(content[name])).toBe(true)
    }
    expect((await send(`${url}/raw/${deleted.slug}`)).status).toBe(410)
    const metadata = JSON.parse(`${(await send(`${url}/api/v1/pastes/${small.slug}`)).bytes}`)
    expect(metadata).toMatchObject({ title: 'Grüße', expiresAt: small.expiresAt, lines: 1 })
    const change = sendJson(`${url}/api/v1/pastes/${small.slug}`, 'PATCH', { title: 'x' }, bearer(small.editToken))
    expect((await change).status).toBe(200)
  }

  describe('restored', () => {
    let to: string
    beforeEach(() => {
      to = mkdtempSync(join(tmpdir(), 'pastebin-backup-'))
      onTestFinished(() => rmSync(to, { recursive: true, force: true }))
    })

    test('into an empty folder has every paste, every tombstone and the rights to change them', async () => {
      const { code, text } = await backup('restore', { DATA_DIR: to }, folder)
      expect(text).toMatch(/2 pastes and \d tombstones? restored; 0 were there already, \d have ended\n$/)
      expect(code).toBe(0)
      const service = await startService({ DATA_DIR: to })
      onTestFinished(() => service.stop())
      await expectAll(service)
    })

    test('twice leaves what is there alone', async () => {
      await backup('restore', { DATA_DIR: to }, folder)
      const { code, text } = await backup('restore', { DATA_DIR: to }, folder)
      expect(text).toMatch(/0 pastes and 0 tombstones restored; [34] were there already/)
      expect(code).toBe(0)
      expect(await fsck({ DATA_DIR: to })).toMatchObject({ code: 0 })
    })

    whenService(['sql', 's3'], ({ sql, s3 }) => {
      test('into a database server and S3 is the way from a laptop to replicas', async () => {
        const database = await createDatabase(sql)
        const bucket = await createBucket(s3)
        const environment = { DATABASE_URL: database.url, ...bucket.environment }
        expect(await backup('restore', environment, folder)).toMatchObject({ code: 0 })
        const service = await startService(environment)
        onTestFinished(async () => {
          await service.stop()
          await database.drop()
        })
        await expectAll(service)
        expect(await fsck(environment)).toMatchObject({ code: 0 })
      })
    })
  })

  test('that was cut off is refused', async () => {
    const to = mkdtempSync(join(tmpdir(), 'pastebin-backup-'))
    onTestFinished(() => rmSync(to, { recursive: true, force: true }))
    await backup('backup', { DATA_DIR: join(data, 'from') }, to)
    const rows = join(to, 'generations', readdirSync(join(to, 'generations'))[0] ?? '', 'rows.ndjson.zst')
    truncateSync(rows, readFileSync(rows).length - 4)
    const { code, text } = await backup('restore', { DATA_DIR: join(to, 'data') }, to)
    expect(code).toBe(2)
    expect(text).toMatch(/is damaged or was cut off .* nothing was restored/)
    expect(readdirSync(to)).not.toContain('data')
  })

  test('that lacks an object names the paste and restores the others', async () => {
    const to = mkdtempSync(join(tmpdir(), 'pastebin-backup-'))
    onTestFinished(() => rmSync(to, { recursive: true, force: true }))
    await backup('backup', { DATA_DIR: join(data, 'from') }, to)
    const objects = join(to, 'objects')
    for (const shard of readdirSync(objects)) rmSync(join(objects, shard), { recursive: true })
    const { code, text } = await backup('restore', { DATA_DIR: join(to, 'data') }, to)
    expect(code).toBe(1)
    expect(text).toContain(`The backup lacks the content of ${large.slug}`)
    expect(text).toContain('1 paste and')
  })

  test('made again copies only what is new, and forgets what has gone', async () => {
    const service = await startService({ DATA_DIR: join(data, 'from') })
    const fresh = await create(service.url, logText(LARGE_BYTES))
    await service.stop()
    const again = (...args: string[]) => backup('backup', { DATA_DIR: join(data, 'from') }, folder, ...args)
    expect((await again()).text).toContain('1 object copied')
    expect((await again()).text).toContain('0 objects copied')
    const later = await startService({ DATA_DIR: join(data, 'from') })
    await send(`${later.url}/api/v1/pastes/${fresh.slug}`, { method: 'DELETE', headers: bearer(fresh.editToken) })
    await later.stop()
    expect((await again('--keep', '1')).text).toMatch(
      /0 objects copied, 0 bytes; 3 older generations and 1 object removed/,
    )
  })
})
