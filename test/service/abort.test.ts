import { expect, test } from 'vitest'
import { afterwards } from './support/afterwards.ts'
import { onBothLanes } from './support/lanes.ts'
import { chunked, file, form, formBody, raw } from './support/message.ts'
import { hangUp } from './support/wire.ts'

const MIB = 1024 * 1024
// Around what the service does at once: small bodies, frames of 1 MiB, parts of S3 uploads.
const OFFSETS = [0, 1, 100, 64 * 1024, MIB - 1, MIB, MIB + 1, 5 * MIB + 1, 11 * MIB]
const body = Buffer.from(Array.from({ length: 12 * MIB }, (_, index) => (index * 31 + (index >> 7)) & 255))

onBothLanes('a client that hangs up', (service) => {
  const created = async () => {
    const rows = await service.app.backends.database.db.selectFrom('pastes').select(['slug', 'state']).execute()
    for (const { slug, state } of rows) if (state === 'live') service.made.add(`${slug}`)
  }

  test.for([
    { what: 'a raw body', asking: raw(body) },
    { what: 'a chunked body', asking: raw(chunked(body), { 'Transfer-Encoding': 'chunked' }) },
    { what: 'a form', asking: form(formBody([file(body)])) },
    { what: 'a raw body under a key', asking: raw(body, { 'Idempotency-Key': 'hangs-up' }) },
    { what: 'a raw body with a name', asking: raw(body, {}, '?slug=hangs-up') },
  ])('within $what, at any byte, leaves nothing', async ({ asking: { bytes } }) => {
    for (const how of ['end', 'reset'] as const)
      await Promise.all(OFFSETS.map((offset) => hangUp(service.port, bytes.subarray(0, 200 + offset), how)))
    await expect.poll(async () => service.app.http.app.server.listening).toBe(true)
  })

  test('after the last byte gets either all or nothing', async () => {
    const { bytes } = raw(body)
    await Promise.all((['end', 'reset'] as const).map((how) => hangUp(service.port, bytes, how)))
    const uploading = () =>
      service.app.backends.database.db.selectFrom('pastes').select('slug').where('state', '=', 'uploading').execute()
    await expect.poll(uploading).toEqual([])
    await created()
  })

  test('while it reads does not disturb another reader', async () => {
    const { slug } = (await service.ask(raw(body))).json()
    const head = Buffer.from(`GET /raw/${slug} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await Promise.all(Array.from({ length: 10 }, () => hangUp(service.port, head, 'reset')))
    expect((await service.request(`GET /raw/${slug}`)).body.equals(body)).toBe(true)
  })

  test('its name and its key are free again', async () => {
    const again = () => service.ask(raw('x', { 'Idempotency-Key': 'hangs-up' }, '?slug=hangs-up'))
    await expect.poll(async () => (await again()).status).toBe(201)
  })
  afterwards(service)
})
