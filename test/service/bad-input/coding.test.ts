import { createHash, randomBytes } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { curl } from '../support/curl.ts'
import { onEmbedded } from '../support/lanes.ts'
import { chunked, json, raw, request } from '../support/message.ts'

const LIMIT_BYTES = 50 * 1024 * 1024
const text = 'some text'
const noise = randomBytes(3_000_000)
/** 50 MiB and one byte, as 51 KB or 5 KB. */
const bomb = Buffer.alloc(LIMIT_BYTES + 1)
const most = Buffer.alloc(LIMIT_BYTES, 'a line\n')
const withWindow = (windowLog: number) =>
  zstdCompressSync(most, {
    params: { [constants.ZSTD_c_windowLog]: windowLog, [constants.ZSTD_c_contentSizeFlag]: 0 },
  })

const coded = (coding: string, body: Buffer, fields = {}) => raw(body, { 'Content-Encoding': coding, ...fields })
const inChunks = (coding: string, body: Buffer) =>
  raw(chunked(body.subarray(0, 5), body.subarray(5)), { 'Content-Encoding': coding, 'Transfer-Encoding': 'chunked' })
const digestOf = (bytes: Buffer) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`

/** The same for each coding: what is damaged is refused, what is whole is taken. */
function linesOf(coding: 'zstd' | 'gzip', encode: (content: string | Buffer) => Buffer): BadInput[] {
  const small = encode(text)
  const damaged = Buffer.from(encode(noise))
  damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff
  const none = [400, 'invalid_compression'] as const
  return [
    accepted(23, `a content as ${coding}`, coded(coding, small)),
    accepted(23, `3 MB as ${coding}`, () => coded(coding, encode(noise)), noise),
    accepted(23, `${coding} in chunks`, inChunks(coding, small)),
    accepted(23, `${coding} to a name`, request(`PUT /a-${coding}-name`, { 'Content-Encoding': coding }, small)),
    accepted(23, `two of ${coding}, one after the other`, coded(coding, Buffer.concat([small, small])), text + text),
    accepted(23, `JSON as ${coding}`, json(encode('{"content":"some text"}'), { 'Content-Encoding': coding })),
    accepted(23, `${coding} with its digest`, coded(coding, small, { 'Content-Digest': digestOf(small) })),
    accepted(23, `exactly 50 MiB as ${coding}`, () => coded(coding, encode(most)), most),
    refused(
      23,
      `50 MiB and 1 byte as ${coding}`,
      () => coded(coding, encode(bomb)),
      413,
      'payload_too_large',
      (answer) => expect(answer.json().maxBytes).toBe(LIMIT_BYTES),
    ),
    refused(
      23,
      `JSON of 50 MiB as ${coding}`,
      () => json(encode(bomb), { 'Content-Encoding': coding }),
      413,
      'payload_too_large',
    ),
    refused(
      23,
      `the digest of what ${coding} stands for`,
      coded(coding, small, { 'Content-Digest': digestOf(Buffer.from(text)) }),
      400,
      'digest_mismatch',
    ),
    refused(23, `${coding} of nothing`, coded(coding, encode('')), 422, 'empty_content'),
    refused(23, `${coding} that is none`, coded(coding, Buffer.from(text)), ...none),
    refused(23, `${coding} that is cut off`, coded(coding, small.subarray(0, -3)), ...none),
    refused(23, `3 MB of ${coding} that is cut off`, () => coded(coding, encode(noise).subarray(0, -70_000)), ...none),
    refused(23, `${coding} that is damaged`, () => coded(coding, damaged), ...none),
    refused(
      23,
      `${coding} with something behind it`,
      coded(coding, Buffer.concat([small, Buffer.from('and so on')])),
      ...none,
    ),
    refused(
      23,
      `a connection that ends within ${coding}`,
      { ...coded(coding, small.subarray(0, -1), { 'Content-Length': `${small.length}` }), halfCloses: true },
      400,
      'body_incomplete',
    ),
  ]
}

const unknown = ['br', 'deflate', 'gzip, zstd', 'gzip, gzip', 'aes128gcm', 'constructor'].map((coding) =>
  refused(
    24,
    `Content-Encoding: ${coding}`,
    coded(coding, brotliCompressSync(text)),
    415,
    'unsupported_content_encoding',
    (answer) => expect(answer.headers['accept-encoding']).toBe('zstd, gzip'),
  ),
)

const lines: BadInput[] = [
  ...linesOf('gzip', gzipSync),
  ...linesOf('zstd', (content) => zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })),
  ...unknown,
  accepted(23, 'the old name of gzip', coded('x-gzip', gzipSync(text))),
  accepted(23, 'the name in capitals', coded(' GZip', gzipSync(text))),
  accepted(23, 'no coding, by its name', coded('identity', Buffer.from(text))),
  accepted(23, 'zstd with a window of 8 MiB', () => coded('zstd', withWindow(23)), most),
  refused(23, 'zstd with a window of 16 MiB', () => coded('zstd', withWindow(24)), 400, 'invalid_compression'),
]

onEmbedded('bad input: coded bodies', (service) => {
  badInput(service, lines)

  test('what is coded can replace a content', async () => {
    const { slug, editToken } = await service.create()
    const fields = { 'Content-Encoding': 'gzip', Authorization: `Bearer ${editToken}` }
    const answer = await service.request(`PUT /api/v1/pastes/${slug}/content`, fields, gzipSync('another text'))
    expect(answer.json()).toMatchObject({ size: 12 })
    expect((await service.request(`GET /raw/${slug}`)).text()).toBe('another text')
  })

  test('curl -T sends what gzip makes of its input', async () => {
    const args = ['-T', '-', '-H', 'Content-Encoding: gzip', `${service.url}/`]
    const { output } = await curl(args, gzipSync(noise))
    const slug = `${output}`.trim().split('/').at(-1) ?? ''
    service.made.add(slug)
    expect(Buffer.compare((await service.request(`GET /raw/${slug}`)).body, noise)).toBe(0)
  })

  test('a bomb is put out before it has been decoded', async () => {
    // 4 GiB of nothing, as 4 MB.
    const part = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const before = process.memoryUsage().rss
    const answer = await service.ask(coded('gzip', Buffer.concat(Array.from({ length: 64 }, () => part))))
    expect(answer.json().code).toBe('payload_too_large')
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  afterwards(service)
})
