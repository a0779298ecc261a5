import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { chunked, type Fields, file, formBody, raw, request } from '../support/message.ts'
import type { Service } from '../support/service.ts'
import type { Ask } from '../support/wire.ts'

const LIMIT_BYTES = 50 * 1024 * 1024
const text = 'some text'
const digest = createHash('sha256').update(text).digest('base64')
const length = (value: string | string[]) => raw('x', { 'Content-Length': value })
const coded = (coding: string, body: string | Buffer = chunked('x')) => raw(body, { 'Transfer-Encoding': coding })
const digested = (value: string, fields: Fields = {}) => raw(text, { 'Content-Digest': value, ...fields })
const shortBy = (bytes: number) => raw('x'.repeat(1_000), { 'Content-Length': `${1_000 + bytes}` })

const lines: BadInput[] = [
  refused(51, 'Content-Length: 0', raw(''), 422, 'empty_content'),
  refused(51, 'no body', request('POST /', { 'Content-Type': 'text/plain' }), 422, 'empty_content'),
  refused(51, 'an empty chunked body', coded('chunked', chunked()), 422, 'empty_content'),
  refused(51, 'an empty body to a name', request('PUT /an-empty-one', {}, ''), 422, 'empty_content'),
  accepted(52, 'a body without Content-Type', request('POST /', {}, text)),
  accepted(
    52,
    "curl's own Content-Type",
    request('POST /', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=b&c'),
    'a=b&c',
  ),
  refused(53, 'a declared length of 50 MiB and 1', length(`${LIMIT_BYTES + 1}`), 413, 'payload_too_large', (answer) =>
    expect(answer.json().maxBytes).toBe(LIMIT_BYTES),
  ),
  refused(
    53,
    'the same, asking for 100 Continue',
    raw('', { 'Content-Length': `${LIMIT_BYTES + 1}`, Expect: '100-continue' }),
    413,
    'payload_too_large',
    (answer) => expect(answer.interim).toEqual([]),
  ),
  accepted(53, 'exactly 50 MiB', () => raw(Buffer.alloc(LIMIT_BYTES, 'x')), Buffer.alloc(LIMIT_BYTES, 'x')),
  refused(
    54,
    '50 MiB and 1 byte in chunks',
    () => coded('chunked', chunked(Buffer.alloc(LIMIT_BYTES + 1, 'x'))),
    413,
    'payload_too_large',
  ),
  refused(55, 'Content-Length: -1', length('-1'), 400, 'bad_request'),
  refused(55, 'Content-Length: +5', length('+5'), 400, 'bad_request'),
  refused(55, 'Content-Length: 0x10', length('0x10'), 400, 'bad_request'),
  refused(55, 'a length that overflows', length('99999999999999999999999'), 400, 'bad_request'),
  refused(55, 'two different lengths', length(['1', '2']), 400, 'bad_request'),
  refused(
    56,
    'a length and chunks',
    raw(chunked('x'), { 'Content-Length': '6', 'Transfer-Encoding': 'chunked' }),
    400,
    'bad_request',
  ),
  refused(56, 'a coding named xchunked', coded('xchunked'), 400, 'bad_request'),
  refused(56, 'chunks that are gzip', coded('gzip, chunked'), 501, 'unsupported_transfer_coding'),
  refused(56, 'a chunk size that is no number', coded('chunked', 'zz\r\nx\r\n0\r\n\r\n'), 400, 'bad_request'),
  refused(56, 'a chunk longer than its size', coded('chunked', '1\r\nxyz\r\n0\r\n\r\n'), 400, 'bad_request'),
  refused(57, 'a body that ends early', { ...shortBy(1), halfCloses: true }, 400, 'body_incomplete'),
  refused(57, 'chunks that end early', { ...coded('chunked', '5\r\nhe'), halfCloses: true }, 400, 'body_incomplete'),
  refused(58, 'another digest', digested(`sha-256=:${createHash('sha256').digest('base64')}:`), 400, 'digest_mismatch'),
  refused(
    58,
    'another digest of 1 MiB',
    raw(Buffer.alloc(1 << 20), { 'Content-Digest': `sha-256=:${digest}:` }),
    400,
    'digest_mismatch',
  ),
  accepted(58, 'the right digest', digested(`sha-256=:${digest}:`)),
  accepted(58, 'the right digest behind one of another kind', digested(`md5=:AAAA:, sha-256=:${digest}:`)),
  refused(59, 'a digest without colons', digested(`sha-256=${digest}`), 400, 'invalid_digest'),
  refused(59, 'a digest of the wrong length', digested('sha-256=:AAAA:'), 400, 'invalid_digest'),
  refused(59, 'a digest with junk after it', digested(`sha-256=:${digest}!:`), 400, 'invalid_digest'),
  refused(
    60,
    'a taken name, asking for 100 Continue',
    async (service) => {
      const { slug } = await service.create()
      return request(`PUT /${slug}`, { 'Content-Length': '1000', Expect: '100-continue' }, '')
    },
    409,
    'slug_taken',
    (answer) => expect(answer.interim).toEqual([]),
  ),
  refused(61, 'Expect: foo', raw('x', { Expect: 'foo' }), 417, 'expectation_failed'),
  refused(
    62,
    'two Content-Type fields',
    raw('x', { 'Content-Type': ['text/plain', 'text/html'] }),
    400,
    'duplicate_header',
  ),
  refused(
    63,
    'a form by PUT',
    request(
      'PUT /a-form',
      { 'Content-Type': 'multipart/form-data; boundary=boundary-of-the-test' },
      formBody([file()]),
    ),
    415,
    'unsupported_media_type',
  ),
  refused(34, 'an unknown option', raw('x', {}, '?colour=red'), 422, 'unknown_field'),
  refused(35, 'an option that comes twice', raw('x', {}, '?title=a&title=b'), 422, 'duplicate_field'),
  accepted(42, 'a file name of 256 bytes', raw('x', {}, `?fileName=${'x'.repeat(256)}`), 'x'),
  refused(114, 'a token in the query', raw('x', {}, '?token=x'), 400, 'token_in_url'),
  ...idempotency(),
]

/** Line 64: Idempotency-Key. That the first is still running is a test where its body can be held back. */
function idempotency(): BadInput[] {
  const key = { 'Idempotency-Key': 'the-key-of-line-64' }
  const after = (asking: Ask) => async (service: Service) => {
    await service.ask(raw('first', key))
    return asking
  }
  const keyed = (value: string | string[]) => raw('x', { 'Idempotency-Key': value })
  return [
    refused(64, 'a known key with another body', after(raw('second', key)), 422, 'idempotency_mismatch'),
    refused(64, 'a known key with other options', after(raw('first', key, '?title=x')), 422, 'idempotency_mismatch'),
    refused(64, 'a key of 129 characters', keyed('x'.repeat(129)), 400, 'invalid_idempotency_key'),
    refused(64, 'a key with a space', keyed('a b'), 400, 'invalid_idempotency_key'),
    refused(64, 'two keys', keyed(['a', 'b']), 400, 'invalid_idempotency_key'),
  ]
}

onEmbedded('bad input: raw bodies', (service) => {
  badInput(service, lines)
  afterwards(service)
})
