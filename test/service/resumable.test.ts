import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodeState, offsetOf as offsetOfState } from '../../src/paste/tus/state.ts'
import { patiently } from '../patience.ts'
import { curl } from './support/curl.ts'
import { onBothLanes } from './support/lanes.ts'
import { request } from './support/message.ts'
import type { Service } from './support/service.ts'
import { begin, codeOf, OFFSET_STREAM, offsetOf, patch, resume, tus } from './support/tus.ts'
import { hangUp } from './support/wire.ts'

const MIB = 1_048_576
const text = Buffer.from('one line of a log\n'.repeat(4_000))
const noise = randomBytes(17 * MIB + 4_321)

onBothLanes('an upload in parts', (service) => {
  const raw = async (slug: string) => Buffer.from(await (await fetch(`${service.url}/raw/${slug}`)).arrayBuffer())
  const whole = async (content: Buffer, values: Record<string, string> = {}) => {
    const upload = await begin(service.url, content.length, values)
    await resume(upload.url, content)
    return upload
  }

  test.each([
    ['of one byte', Buffer.from('x')],
    ['of a few bytes', Buffer.from('some text')],
    ['that fits a row', text],
    ['of 17 MiB', noise],
  ])('%s becomes the paste that was sent', async (_what, content) => {
    const { slug, pasteUrl } = await whole(content)
    expect(pasteUrl).toBe(`${service.url}/${slug}`)
    expect(Buffer.compare(await raw(slug), content)).toBe(0)
    const about = await (await fetch(`${service.url}/api/v1/pastes/${slug}`)).json()
    expect(about).toMatchObject({ size: content.length, sha256: createHash('sha256').update(content).digest('hex') })
  })

  test('in many pieces of any size is one paste', async () => {
    const { url, slug } = await begin(service.url, text.length)
    await resume(url, text, 7_919)
    expect(Buffer.compare(await raw(slug), text)).toBe(0)
  })

  test('keeps what came before the connection broke', async () => {
    const { url, slug } = await begin(service.url, noise.length)
    const cutAt = 11 * MIB + 17
    await hangUp(service.port, patchBytes(url, 0, noise, cutAt), 'end')
    // Not by HEAD, which would end a request that is still at it.
    await expect.poll(() => storedBytes(service, slug), { timeout: patiently(10_000) }).toBe(cutAt)
    expect(await offsetOf(url)).toBe(cutAt)
    await resume(url, noise)
    expect(Buffer.compare(await raw(slug), noise)).toBe(0)
  })

  test('holds its name from the beginning and shows nothing before its end', async () => {
    const name = `held-${randomBytes(4).toString('hex')}`
    const { url, slug } = await begin(service.url, 10, { slug: name, title: 'A title', filename: 'a.log' })
    expect(slug).toBe(name)
    expect((await fetch(`${service.url}/raw/${name}`)).status).toBe(404)
    expect((await service.request(`PUT /${name}`, {}, 'mine')).json().code).toBe('slug_taken')
    await resume(url, Buffer.from('0123456789'))
    const about = await (await fetch(`${service.url}/api/v1/pastes/${name}`)).json()
    expect(about).toMatchObject({ title: 'A title', fileName: 'a.log', mediaType: 'text/plain; charset=utf-8' })
  })

  test('is changed and deleted by its edit token', async () => {
    const { slug, editToken } = await whole(text)
    const answer = await service.request(`DELETE /api/v1/pastes/${slug}`, { Authorization: `Bearer ${editToken}` })
    expect(answer.status).toBe(204)
  })

  test('says that it is whole after the last answer was lost', async () => {
    const { url, pasteUrl } = await whole(text)
    const head = await tus('HEAD', url)
    expect(head.headers.get('upload-offset')).toBe(`${text.length}`)
    expect(head.headers.get('x-paste-url')).toBe(pasteUrl)
    expect(head.headers.get('upload-expires')).toBeNull()
    expect((await patch(url, text.length, Buffer.alloc(0))).status).toBe(204)
    expect((await patch(url, 0, text)).status).toBe(409)
  })

  test('lives as long as was asked for, from its end on', async () => {
    const { url, slug } = await begin(service.url, 3, { expiresIn: '1h' })
    await patch(url, 0, Buffer.from('ab'))
    service.clock.advance(3 * 3_600_000)
    await resume(url, Buffer.from('abc'))
    const { expiresAt } = await (await fetch(`${service.url}/api/v1/pastes/${slug}`)).json()
    expect(Math.abs(Date.parse(expiresAt) - service.clock.now() - 3_600_000)).toBeLessThan(60_000)
  })

  test('that was given up is gone, and its name is free', async () => {
    const name = `free-${randomBytes(4).toString('hex')}`
    const { url } = await begin(service.url, noise.length, { slug: name })
    await patch(url, 0, noise.subarray(0, 9 * MIB))
    expect((await tus('DELETE', url)).status).toBe(204)
    expect((await tus('HEAD', url)).status).toBe(404)
    expect((await service.request(`PUT /${name}`, {}, 'mine')).status).toBe(201)
  })

  test('that is a paste already can not be given up', async () => {
    const { url, slug } = await whole(text)
    expect((await tus('DELETE', url)).status).toBe(404)
    expect(Buffer.compare(await raw(slug), text)).toBe(0)
  })

  test('may come with the request that begins it', async () => {
    const headers = { 'upload-length': `${text.length}`, 'content-type': OFFSET_STREAM }
    const answer = await tus('POST', `${service.url}/api/v1/uploads`, headers, text)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('upload-offset')).toBe(`${text.length}`)
    const slug = answer.headers.get('x-paste-url')?.split('/').at(-1) ?? ''
    expect(Buffer.compare(await raw(slug), text)).toBe(0)
  })

  test('is the same one when its beginning is repeated with the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomBytes(8).toString('hex') }
    const first = await begin(service.url, 9, {}, key)
    await patch(first.url, 0, Buffer.from('some'))
    expect(await begin(service.url, 9, {}, key)).toEqual(first)
    await resume(first.url, Buffer.from('some text'))
    expect(await begin(service.url, 9, {}, key)).toEqual(first)
    const other = { 'upload-length': '10', ...key }
    expect(await codeOf(await tus('POST', `${service.url}/api/v1/uploads`, other))).toBe('idempotency_mismatch')
  })

  test('that was given up can be begun anew with the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomBytes(8).toString('hex') }
    const values = { slug: `again-${randomBytes(4).toString('hex')}` }
    const first = await begin(service.url, 9, values, key)
    await patch(first.url, 0, Buffer.from('some'))
    await tus('DELETE', first.url)
    const { url, slug } = await begin(service.url, 9, values, key)
    await resume(url, Buffer.from('some text'))
    expect((await raw(slug)).toString()).toBe('some text')
  })

  test('can be sent by POST where PATCH and HEAD are not known', async () => {
    const { url, slug } = await begin(service.url, 4)
    const override = (method: string) => ({ 'x-http-method-override': method })
    const sent = { ...override('PATCH'), 'content-type': OFFSET_STREAM, 'upload-offset': '0' }
    expect((await tus('POST', url, sent, Buffer.from('text'))).status).toBe(204)
    expect((await tus('POST', url, override('HEAD'))).headers.get('upload-offset')).toBe('4')
    expect((await raw(slug)).toString()).toBe('text')
  })

  test('goes on with the later of two requests, and ends byte-exact', async () => {
    const { url, slug } = await begin(service.url, noise.length)
    const answers = await Promise.all([patch(url, 0, noise), patch(url, 0, noise), patch(url, 0, noise)])
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1)
    for (const answer of answers) if (!answer.ok) expect(await codeOf(answer)).toBe('offset_mismatch')
    await resume(url, noise)
    expect(Buffer.compare(await raw(slug), noise)).toBe(0)
  })

  test('needs no more than curl', async () => {
    const speak = ['--header', 'Tus-Resumable: 1.0.0']
    const length = ['--header', `Upload-Length: ${text.length}`]
    const first = await curl([...speak, ...length, '--include', '--request', 'POST', `${service.url}/api/v1/uploads`])
    const url = /^location: (\S+)/im.exec(`${first.output}`)?.[1] ?? ''
    for (let sent = 0; sent < text.length; ) {
      const go = [
        '--header',
        `Upload-Offset: ${sent}`,
        '--header',
        `Content-Type: ${OFFSET_STREAM}`,
        '--data-binary',
        '@-',
      ]
      await curl([...speak, ...go, '--request', 'PATCH', url], text.subarray(sent, sent + 50_000))
      const { output } = await curl([...speak, '--head', url])
      sent = Number(/^upload-offset: (\d+)/im.exec(`${output}`)?.[1])
    }
    const pasteUrl = /^x-paste-url: (\S+)/im.exec(`${first.output}`)?.[1] ?? ''
    expect((await curl([pasteUrl])).output.equals(text)).toBe(true)
  })

  test('leaves no crash behind', () => {
    expect((service satisfies Service).crashes).toEqual([])
  })
})

/** A PATCH that announces all of `content` and brings only the first `cutAt` bytes of it. */
function patchBytes(url: string, offset: number, content: Buffer, cutAt: number): Buffer {
  const head = request(`PATCH ${new URL(url).pathname}`, {
    'Tus-Resumable': '1.0.0',
    'Content-Type': OFFSET_STREAM,
    'Upload-Offset': `${offset}`,
    'Content-Length': `${content.length}`,
  })
  return Buffer.concat([head.bytes, content.subarray(0, cutAt)])
}

/** How much of an upload its row knows. */
async function storedBytes(service: Service, slug: string): Promise<number> {
  const rows = service.app.backends.database.db.selectFrom('pastes').select('upload').where('slug', '=', slug)
  const { upload } = await rows.executeTakeFirstOrThrow()
  return offsetOfState(decodeState(upload ?? Buffer.alloc(0)))
}
