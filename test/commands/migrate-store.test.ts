import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { create, send } from '../blackbox/client.ts'
import { startService } from '../blackbox/service.ts'
import { patiently } from '../patience.ts'
import { createBucket, whenService } from '../services/index.ts'
import { backup } from './backup-command.ts'
import { fsck, LARGE_BYTES } from './fsck-command.ts'

whenService('s3', ({ s3 }) => {
  test(
    'objects go from the disk to S3 while the service runs, and back, and no byte is another one',
    async () => {
      const base = mkdtempSync(join(tmpdir(), 'pastebin-store-'))
      onTestFinished(() => rmSync(base, { recursive: true, force: true }))
      const disk = { DATA_DIR: join(base, 'data') }
      const inBucket = { ...disk, ...(await createBucket(s3)).environment }
      const service = await startService(disk)
      onTestFinished(() => service.stop())
      const bytes = randomBytes(LARGE_BYTES)
      const { slug } = await create(service.url, bytes)
      const move = (to: string) => backup('migrate-store', inBucket, '--to', to)
      expect((await move('s3')).text).toContain('1 object copied')
      await create(service.url, randomBytes(LARGE_BYTES))
      await service.kill('SIGTERM')
      expect((await move('s3')).text).toMatch(/1 object copied, \d+ bytes, in \d+ s; 1 were there already/)
      expect(await fsck(inBucket, '--verify')).toMatchObject({ code: 0 })
      rmSync(join(disk.DATA_DIR, 'objects'), { recursive: true })
      const moved = await startService(inBucket)
      onTestFinished(() => moved.stop())
      expect((await send(`${moved.url}/raw/${slug}`)).bytes.equals(bytes)).toBe(true)
      expect((await move('disk')).text).toContain('2 objects copied')
      await moved.kill('SIGTERM')
      expect(await fsck(disk, '--verify')).toMatchObject({ code: 0 })
    },
    patiently(60_000),
  )
})

test('without the settings of a bucket it says so and makes nothing', async () => {
  const folder = join(tmpdir(), `pastebin-none-${randomBytes(4).toString('hex')}`)
  const { code, text } = await backup('migrate-store', { DATA_DIR: folder }, '--to', 's3')
  expect(code).toBe(2)
  expect(text).toContain('S3_ENDPOINT must be set')
  expect(existsSync(folder)).toBe(false)
})
