import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { patiently } from '../patience.ts'
import { bearer, type Created, codeOf, create, postRaw, send, until } from './client.ts'
import { startService } from './service.ts'
import { mayMount, release, smallDisk } from './small-disk.ts'

describe.runIf(mayMount)('a disk that is full (needs root, to mount one)', () => {
  test.each([
    ['large', 3_000_000],
    ['small', 8_000],
  ])('a %s paste is answered 507, others are read, and it goes on when there is room', async (_name, sizeBytes) => {
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
    expect([refused.status, codeOf(refused)]).toEqual([507, 'storage_full'])
    for (const { slug } of kept) expect((await send(`${service.url}/raw/${slug}`)).status).toBe(200)
    expect((await send(`${service.url}/health/live`)).status).toBe(200)
    const ready = await until(
      () => send(`${service.url}/health/ready`),
      ({ bytes: report }) => JSON.parse(report.toString()).parts.space === 'unavailable',
    )
    expect(ready.status).toBe(200)
    const { slug: unwanted, editToken: token } = kept.shift() as Created
    const deleted = await send(`${service.url}/api/v1/pastes/${unwanted}`, { method: 'DELETE', headers: bearer(token) })
    expect(deleted.status).toBe(204)
    const { slug: kept1 = '', editToken: token1 = '' } = kept[0] ?? {}
    const shortened = await send(`${service.url}/api/v1/pastes/${kept1}`, {
      method: 'PATCH',
      headers: { ...bearer(token1), 'content-type': 'application/json' },
      body: JSON.stringify({ expiresIn: '1h' }),
    })
    expect(shortened.status).toBe(200)
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

describe.runIf(mayMount)('a disk that pastes have filled (needs root, to mount one)', () => {
  test('is swept though it has no room at all, also after a restart, and takes pastes again', async () => {
    const folder = smallDisk(8) ?? ''
    const service = await startService({ DATA_DIR: join(folder, 'data') })
    onTestFinished(async () => {
      await service.stop()
      release(folder)
    })
    const lasting = await create(service.url, 'lasting')
    const full = await until(
      () => postRaw(service.url, randomBytes(14_000), 'expiresIn=6s'),
      ({ status }) => status !== 201,
      patiently(20_000),
      0,
    )
    expect([full.status, codeOf(full)]).toEqual([507, 'storage_full'])
    const filler = join(folder, 'filler')
    fill(filler)
    await service.restart()
    await until(
      async () => (await send(`${service.url}/metrics`)).bytes.toString(),
      (text) => Number(/^paste_swept_total\{target="pastes"\} (\d+)$/m.exec(text)?.[1] ?? 0) > 300,
      patiently(20_000),
    )
    rmSync(filler)
    const healed = await until(
      () => postRaw(service.url, randomBytes(14_000)),
      ({ status }) => status === 201,
      patiently(20_000),
    )
    expect(healed.status).toBe(201)
    expect((await send(`${service.url}/raw/${lasting.slug}`)).bytes.toString()).toBe('lasting')
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
