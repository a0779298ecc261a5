import { expect, test } from 'vitest'
import { onEmbedded } from '../support/lanes.ts'
import { begin, codeOf, metadata, OFFSET_STREAM, offsetOf, patch, resume, tus } from '../support/tus.ts'

onEmbedded('an upload in parts', (service) => {
  const begun = { 'upload-length': '9' }
  test.each([
    ['another version', { ...begun, 'tus-resumable': '0.2.2' }, 412, 'unsupported_tus_version'],
    ['no version', { ...begun, 'tus-resumable': '' }, 412, 'unsupported_tus_version'],
    ['no length', {}, 400, 'bad_request'],
    ['a length of nothing', { 'upload-length': '0' }, 422, 'empty_content'],
    ['a length that is no number', { 'upload-length': '1e3' }, 400, 'bad_request'],
    ['a length of more than 50 MiB', { 'upload-length': '52428801' }, 413, 'payload_too_large'],
    ['a length now and later', { ...begun, 'upload-defer-length': '1' }, 400, 'bad_request'],
    ['a length that comes some time', { 'upload-defer-length': '2' }, 400, 'bad_request'],
    ['an upload of something', { ...begun, 'upload-concat': 'whole' }, 400, 'bad_request'],
    ['an upload of nothing', { 'upload-concat': 'final;' }, 400, 'bad_request'],
    ['an upload of unknown uploads', { 'upload-concat': 'final;/api/v1/uploads/x' }, 404, 'not_found'],
    [
      'options with a part',
      { ...begun, 'upload-concat': 'partial', 'upload-metadata': metadata({ visibility: 'private' }) },
      400,
      'bad_request',
    ],
    ['metadata without form', { ...begun, 'upload-metadata': 'a b c' }, 400, 'bad_request'],
    ['metadata twice', { ...begun, 'upload-metadata': 'title YQ==,title YQ==' }, 400, 'bad_request'],
    ['metadata that is not UTF-8', { ...begun, 'upload-metadata': 'title /w==' }, 400, 'invalid_encoding'],
    ['a bad name', { ...begun, 'upload-metadata': metadata({ slug: '-' }) }, 422, 'invalid_slug'],
    ['a reserved name', { ...begun, 'upload-metadata': metadata({ slug: 'api' }) }, 422, 'reserved_slug'],
    ['a bad expiry', { ...begun, 'upload-metadata': metadata({ expiresIn: 'soon' }) }, 422, 'invalid_expiry'],
  ] as [string, Record<string, string>, number, string][])(
    'is not begun with %s',
    async (_what, headers, status, code) => {
      const answer = await tus('POST', `${service.url}/api/v1/uploads`, headers)
      expect([answer.status, await codeOf(answer)]).toEqual([status, code])
      expect(answer.headers.get('tus-resumable')).toBe('1.0.0')
    },
  )

  test('begins whatever other clients say of it', async () => {
    const upload = await begin(service.url, 4, { relativePath: 'null', title: '', name: 'b.txt', type: 'text/plain' })
    await resume(upload.url, Buffer.from('text'))
    const about = await (await fetch(`${service.url}/api/v1/pastes/${upload.slug}`)).json()
    expect(about).toMatchObject({ fileName: 'b.txt', title: null })
  })

  test.each([
    ['another offset', { 'upload-offset': '1' }, 409, 'offset_mismatch'],
    ['no offset', { 'upload-offset': '' }, 400, 'bad_request'],
    ['a negative offset', { 'upload-offset': '-1' }, 400, 'bad_request'],
    ['another media type', { 'content-type': 'application/octet-stream' }, 415, 'unsupported_media_type'],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415, 'unsupported_content_encoding'],
    ['a wrong checksum', { 'upload-checksum': 'sha1 AAAA' }, 460, 'checksum_mismatch'],
    ['a checksum of its own', { 'upload-checksum': 'sha3 AAAA' }, 400, 'bad_request'],
    ['more bytes than are left', {}, 413, 'payload_too_large'],
  ] as [string, Record<string, string>, number, string][])(
    'does not go on with %s',
    async (_what, headers, status, code) => {
      const { url } = await begin(service.url, 4)
      const answer = await patch(url, 0, Buffer.from(status === 413 ? 'texts' : 'text'), headers)
      expect([answer.status, await codeOf(answer)]).toEqual([status, code])
      expect(await offsetOf(url)).toBe(0)
    },
  )

  test('is not found by its name alone, nor by another secret', async () => {
    const { url, slug } = await begin(service.url, 4)
    for (const name of [slug, `${slug}.`, `${slug}.${'x'.repeat(32)}`, `${url.split('/').at(-1)}x`, '.'])
      expect((await tus('HEAD', `${service.url}/api/v1/uploads/${name}`)).status, name).toBe(404)
  })

  test('says what it can to pages of other sites', async () => {
    const answer = await fetch(`${service.url}/api/v1/uploads`, { method: 'OPTIONS' })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension':
        'creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation',
      'tus-max-size': '52428800',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': expect.stringContaining('Upload-Offset'),
    })
    const { url } = await begin(service.url, 4)
    expect((await tus('HEAD', url)).headers.get('access-control-expose-headers')).toContain('Upload-Offset')
  })

  test('asks for the body only when it will be taken', async () => {
    const { url } = await begin(service.url, 4)
    const fields = { 'Tus-Resumable': '1.0.0', 'Content-Type': OFFSET_STREAM, 'Content-Length': '4' }
    const path = new URL(url).pathname
    const answer = await service.request(`PATCH ${path}`, { ...fields, 'Upload-Offset': '3', Expect: '100-continue' })
    expect([answer.status, answer.interim]).toEqual([409, []])
  })

  test('leaves no crash behind', () => {
    expect(service.crashes).toEqual([])
  })
})
