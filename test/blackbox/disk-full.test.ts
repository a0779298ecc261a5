import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bearer, codeOf, create, postRaw, send, until } from './client.ts'
import { startService } from './service.ts'
import { mayMount, release, smallDisk } from './small-disk.ts'

describe.runIf(mayMount)('a disk that is full (needs root, to mount one)', () => {
  test.each([
    ['large', 3_000_000],
    ['small', 8_000],
  ])('a %s paste is answered 503, others are read, and it goes on when there is room', async (_name, sizeBytes) => {
    const folder = smallDisk(24) ?? ''
    const service = await startService({ DATA_DIR: join(folder, 'data') })
    onTestFinished(async () => {
      await service.stop()
      release(folder)
    })
    const bytes = randomBytes(sizeBytes)
    const kept = [await create(service.url, 'small'), await create(service.url, randomBytes(500_000))]
    const filler = join(folder, 'filler')
    fill(filler)
    const refused = await until(
      () => postRaw(service.url, bytes),
      ({ status }) => status !== 201,
    )
    expect([refused.status, codeOf(refused)]).toEqual([503, 'storage_full'])
    for (const { slug } of kept) expect((await send(`${service.url}/raw/${slug}`)).status).toBe(200)
    expect((await send(`${service.url}/health/live`)).status).toBe(200)
    rmSync(filler)
    const made = await until(
      () => postRaw(service.url, bytes),
      ({ status }) => status === 201,
    )
    const { slug, editToken } = JSON.parse(made.bytes.toString())
    expect((await send(`${service.url}/raw/${slug}`)).bytes.equals(bytes)).toBe(true)
    const gone = await send(`${service.url}/api/v1/pastes/${slug}`, { method: 'DELETE', headers: bearer(editToken) })
    expect(gone.status).toBe(204)
  })
})

/** Writes until there is no room left. */
function fill(file: string): void {
  for (const sizeBytes of [1_048_576, 4_096])
    try {
      for (;;) writeFileSync(file, Buffer.alloc(sizeBytes), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
}
