import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Upload, type UploadOptions } from 'tus-js-client'
import { describe, expect, test } from 'vitest'
import { onBothLanes } from './support/lanes.ts'
import { useService } from './support/service.ts'
import { begin, codeOf, metadata, OFFSET_STREAM, offsetOf, patch, tus } from './support/tus.ts'

const MIB = 1_048_576
const noise = randomBytes(9 * MIB + 321)

function checksum(algorithm: string, bytes: Buffer): string {
  if (algorithm !== 'crc32') return `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return `crc32 ${sum.toString('base64')}`
}

onBothLanes('the extensions of tus', (service) => {
  const uploads = () => `${service.url}/api/v1/uploads`
  const raw = async (slug: string) => Buffer.from(await (await fetch(`${service.url}/raw/${slug}`)).arrayBuffer())
  const note = (slug: string) => {
    service.made.add(slug)
    return slug
  }
  const slugOf = (answer: Response) => note(answer.headers.get('x-paste-url')?.split('/').at(-1) ?? '')

  /** Uploads with tus-js-client and gives the slug. */
  async function withClient(options: Partial<UploadOptions>): Promise<string> {
    let slug = ''
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(noise, {
        endpoint: uploads(),
        retryDelays: null,
        onSuccess: () => resolve(),
        onError: reject,
        onAfterResponse(_request, response) {
          slug = response.getHeader('x-paste-url')?.split('/').at(-1) ?? slug
        },
        ...options,
      })
      upload.start()
    })
    return note(slug)
  }

  test('tus-js-client uploads in parallel', async () => {
    const slug = await withClient({ parallelUploads: 3, metadata: { filename: 'noise.bin', title: 'parallel' } })
    expect((await raw(slug)).equals(noise)).toBe(true)
    const about = (await service.request(`GET /api/v1/pastes/${slug}`)).json()
    expect(about).toMatchObject({ title: 'parallel', fileName: 'noise.bin' })
  })

  test('tus-js-client uploads without a length', async () => {
    const slug = await withClient({ uploadLengthDeferred: true, chunkSize: 4 * MIB })
    expect((await raw(slug)).equals(noise)).toBe(true)
  })

  test('a length may come with the last bytes, or after them', async () => {
    for (const rest of [Buffer.from('text'), Buffer.alloc(0)]) {
      const begun = await tus('POST', uploads(), { 'upload-defer-length': '1' })
      const url = begun.headers.get('location') ?? ''
      await patch(url, 0, Buffer.from('some '))
      const head = await tus('HEAD', url)
      expect([head.headers.get('upload-defer-length'), head.headers.get('upload-length')]).toEqual(['1', null])
      expect(await offsetOf(url)).toBe(5)
      expect((await patch(url, 5, rest, { 'upload-length': '3' })).status).toBe(400)
      const last = await patch(url, 5, rest, { 'upload-length': `${5 + rest.length}` })
      expect([last.status, last.headers.get('upload-offset')]).toEqual([204, `${5 + rest.length}`])
      expect((await raw(slugOf(begun))).toString()).toBe(`some ${rest}`)
    }
  })

  test('parts are joined in the order that is asked for, once they are complete', async () => {
    const part = async (text: string, sent = text) => {
      const answer = await tus('POST', uploads(), { 'upload-length': `${text.length}`, 'upload-concat': 'partial' })
      expect(answer.headers.get('x-paste-url')).toBeNull()
      const url = answer.headers.get('location') ?? ''
      await patch(url, 0, Buffer.from(sent))
      return url
    }
    const [one, two, open] = [await part('one '), await part('two '), await part('three', 'thr')]
    const join = (...urls: string[]) =>
      tus('POST', uploads(), {
        'upload-concat': `final;${urls.join(' ')}`,
        'upload-metadata': metadata({ visibility: 'private' }),
      })
    expect(await codeOf(await join(one, open))).toBe('bad_request')
    const answer = await join(two, new URL(one).pathname)
    expect(answer.status).toBe(201)
    const slug = slugOf(answer)
    expect((await raw(slug)).toString()).toBe('two one ')
    expect((await service.request(`GET /api/v1/pastes/${slug}`)).json().visibility).toBe('private')
    const url = answer.headers.get('location') ?? ''
    expect((await tus('HEAD', url)).headers.get('upload-concat')).toMatch(/^final;/)
    expect((await patch(url, 8, Buffer.from('x'))).status).toBe(403)
    expect((await tus('HEAD', one)).status).toBe(404)
    await patch(open, 3, Buffer.from('ee'))
    expect((await tus('HEAD', open)).headers.get('upload-concat')).toBe('partial')
    expect((await tus('DELETE', open)).status).toBe(204)
  })

  test.for(['sha1', 'sha256', 'md5', 'crc32'])('bytes with another %s are not kept', async (algorithm) => {
    const { url, slug } = await begin(service.url, noise.length)
    note(slug)
    const half = noise.subarray(0, 8 * MIB + 99)
    const rest = noise.subarray(half.length)
    const wrong = { 'upload-checksum': checksum(algorithm, Buffer.from('other')) }
    expect((await patch(url, 0, half, wrong)).status).toBe(460)
    expect(await offsetOf(url)).toBe(0)
    expect((await patch(url, 0, half, { 'upload-checksum': checksum(algorithm, half) })).status).toBe(204)
    expect((await patch(url, half.length, rest, wrong)).status).toBe(460)
    expect(await offsetOf(url)).toBe(half.length)
    expect((await patch(url, half.length, rest, { 'upload-checksum': checksum(algorithm, rest) })).status).toBe(204)
    expect((await raw(slug)).equals(noise)).toBe(true)
  })
})

describe('what clients of tus send and ask', () => {
  const service = useService()

  test('HEAD gives Upload-Metadata back, and GET answers as HEAD', async () => {
    const { url } = await begin(service.url, 9, { filename: 'a.txt', own: 'x' })
    const [head, get] = [await tus('HEAD', url), await tus('GET', url)]
    for (const name of ['upload-metadata', 'upload-offset', 'upload-length', 'upload-expires', 'tus-resumable'])
      expect([name, get.headers.get(name)]).toEqual([name, head.headers.get(name)])
    expect(head.headers.get('upload-metadata')).toBe(metadata({ filename: 'a.txt', own: 'x' }))
    expect([get.status, await get.text()]).toEqual([200, ''])
  })

  test('empty Upload-Metadata, as tuspy sends it, is none', async () => {
    const sent =
      'POST /api/v1/uploads HTTP/1.1\r\nHost: paste.test\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 4\r\nUpload-Metadata:\r\n\r\n'
    expect((await service.ask({ bytes: Buffer.from(sent) })).status).toBe(201)
  })

  test.for([
    ['POST /', { 'Upload-Complete': '?0' }],
    ['PUT /', { 'Upload-Complete': '?0' }],
    ['POST /api/v1/pastes', { 'Upload-Complete': '?0', 'Upload-Draft-Interop-Version': '6' }],
    ['POST /api/v1/uploads', { 'Upload-Complete': '?0', 'Tus-Resumable': '1.0.0', 'Upload-Length': '9' }],
    ['PUT /', { 'Content-Range': 'bytes 0-3/9' }],
  ] as const)('%s with %j keeps no part as the whole', async ([start, fields]) => {
    const answer = await service.request(start, { 'Content-Type': OFFSET_STREAM, ...fields }, 'text')
    expect(answer.status, answer.text()).toBe(400)
  })

  test('a whole content that says so is one', async () => {
    expect((await service.request('POST /', { 'Upload-Complete': '?1' }, 'text')).status).toBe(201)
  })
})
