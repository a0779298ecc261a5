import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { json, paste, request } from '../support/message.ts'

const JSON_LIMIT_BYTES = 4 * 1024 * 1024
const invalid = Buffer.from([0xff, 0xfe])
const typed = (type: string) => json('{"content":"x"}', { 'Content-Type': type })
const ofBytes = (total: number) => json(`{"content":"${'x'.repeat(total - 14)}"}`)
const escaped = (count: number) => json(`{"content":"${'\\u0000'.repeat(count)}"}`)

const lines: BadInput[] = [
  refused(1, 'a JSON text that breaks off', json('{a'), 400, 'invalid_json'),
  refused(2, 'an empty body', json(''), 400, 'invalid_json'),
  refused(
    2,
    'no body at all',
    request('POST /api/v1/pastes', { 'Content-Type': 'application/json' }),
    400,
    'invalid_json',
  ),
  refused(3, 'an array', json('[1]'), 422, 'validation_failed'),
  refused(3, 'a string', json('"x"'), 422, 'validation_failed'),
  refused(3, 'null', json('null'), 422, 'validation_failed'),
  refused(3, 'a number', json('1'), 422, 'validation_failed'),
  refused(4, 'a member named __proto__', json('{"content":"x","__proto__":{"slug":"y"}}'), 400, 'invalid_json'),
  refused(4, 'constructor.prototype', json('{"content":"x","constructor":{"prototype":{}}}'), 400, 'invalid_json'),
  refused(5, 'an unknown member', paste({ colour: 'red' }), 422, 'unknown_field', (answer) =>
    expect(answer.json().pointer).toBe('/colour'),
  ),
  refused(5, 'an option under its name elsewhere', paste({ expire_in: 60 }), 422, 'unknown_field'),
  refused(6, 'content missing', json('{}'), 422, 'validation_failed', (answer) =>
    expect(answer.json().pointer).toBe('/content'),
  ),
  refused(7, 'content that is a number', paste({ content: 5 }), 422, 'validation_failed'),
  refused(7, 'content that is true', paste({ content: true }), 422, 'validation_failed'),
  refused(7, 'content that is an array', paste({ content: [] }), 422, 'validation_failed'),
  refused(7, 'a title that is a number', paste({ title: 5 }), 422, 'validation_failed'),
  refused(7, 'a visibility that there is not', paste({ visibility: 'secret' }), 422, 'validation_failed', (answer) =>
    expect(answer.json().pointer).toBe('/visibility'),
  ),
  accepted(8, 'options that are null', paste({ title: null, expiresIn: null, maxViews: null }), 'some text'),
  refused(8, 'a member that is null and unknown', paste({ colour: null }), 422, 'unknown_field'),
  refused(8, 'content that is null', paste({ content: null }), 422, 'validation_failed'),
  refused(9, 'empty content', paste({ content: '' }), 422, 'empty_content'),
  accepted(10, 'content of U+0000 alone', json('{"content":"\\u0000\\u0000"}'), '\0\0'),
  refused(11, 'half a surrogate pair', json('{"content":"\\ud800"}'), 422, 'invalid_unicode'),
  refused(11, 'half a surrogate pair in the title', json('{"content":"x","title":"\\udc00"}'), 422, 'invalid_unicode'),
  accepted(11, 'a whole surrogate pair', json('{"content":"\\ud83d\\ude00"}'), '😀'),
  refused(
    12,
    'bytes that are not UTF-8',
    json(Buffer.concat([Buffer.from('{"content":"'), invalid, Buffer.from('"}')])),
    400,
    'invalid_encoding',
  ),
  refused(
    12,
    'UTF-16 without saying so',
    json(Buffer.from('\ufeff{"content":"x"}', 'utf16le')),
    400,
    'invalid_encoding',
  ),
  accepted(13, 'a byte order mark before the text', json('\ufeff{"content":"x"}'), 'x'),
  accepted(14, 'a member that comes twice: the last wins', json('{"content":"x","content":"y"}'), 'y'),
  refused(15, 'charset=utf-16', typed('application/json; charset=utf-16'), 415, 'unsupported_charset'),
  refused(15, 'charset=latin1', typed('application/json; charset=latin1'), 415, 'unsupported_charset'),
  accepted(15, 'charset=UTF-8 in quotes', typed('application/json; charset="UTF-8"'), 'x'),
  refused(16, 'a tab within the media type', typed('application/json\ta'), 415, 'unsupported_media_type'),
  accepted(16, 'semicolons after the media type', typed('application/json;;;'), 'x'),
  accepted(16, 'a media type that ends in ;', typed('application/json;'), 'x'),
  refused(16, 'a media type of semicolons', typed(';;;'), 415, 'unsupported_media_type'),
  refused(16, 'a media type of 300 characters', typed(`application/${'x'.repeat(288)}`), 415, 'unsupported_media_type'),
  refused(17, 'no Content-Type', typed(''), 415, 'unsupported_media_type'),
  refused(
    17,
    'no Content-Type to a JSON-only call',
    request('POST /api/v1/links', {}, '{}'),
    415,
    'unsupported_media_type',
  ),
  accepted(18, 'exactly 4 MiB of JSON', ofBytes(JSON_LIMIT_BYTES), 'x'.repeat(JSON_LIMIT_BYTES - 14)),
  refused(18, '4 MiB and 1 byte of JSON', ofBytes(JSON_LIMIT_BYTES + 1), 413, 'payload_too_large', (answer) =>
    expect(answer.json()).toMatchObject({ maxBytes: JSON_LIMIT_BYTES, hint: expect.stringContaining('multipart') }),
  ),
  refused(19, '200,000 nested arrays', json('['.repeat(200_000)), 400, 'invalid_json'),
  refused(
    19,
    '200,000 nested arrays that close',
    json('['.repeat(200_000) + ']'.repeat(200_000)),
    422,
    'validation_failed',
  ),
  refused(
    19,
    '200,000 nested objects',
    json(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`),
    422,
    'unknown_field',
  ),
  accepted(20, '690,000 escaped zeros', escaped(690_000), '\0'.repeat(690_000)),
  refused(20, '700,000 escaped zeros, over 4 MiB as sent', escaped(700_000), 413, 'payload_too_large'),
  refused(21, 'a language that is a path', paste({ language: '../../x' }), 422, 'invalid_language'),
  refused(21, 'a language of 10 KB', paste({ language: 'x'.repeat(10_000) }), 422, 'invalid_language'),
  refused(21, 'a language that is a tag', paste({ language: '<script>' }), 422, 'invalid_language'),
  refused(21, 'a language that is a number', paste({ language: 5 }), 422, 'validation_failed'),
  refused(22, 'a title of 201 characters', paste({ title: 'é'.repeat(201) }), 422, 'invalid_title'),
  accepted(22, 'a title of 200 characters', paste({ title: '😀'.repeat(200) })),
  refused(22, 'a title of 10 KB', paste({ title: 'x'.repeat(10_000) }), 422, 'invalid_title'),
  refused(22, 'a title of two lines', paste({ title: 'a\r\nSet-Cookie: b' }), 422, 'invalid_title'),
  refused(22, 'a title that turns the text around', paste({ title: 'a\u202eb' }), 422, 'invalid_title'),
  refused(
    23,
    'Content-Encoding: br',
    paste({}, { 'Content-Encoding': 'br' }),
    415,
    'unsupported_content_encoding',
    (answer) => expect(answer.headers['accept-encoding']).toBe('zstd, gzip'),
  ),
  refused(
    24,
    'gzip three times',
    paste({}, { 'Content-Encoding': 'gzip, gzip, gzip' }),
    415,
    'unsupported_content_encoding',
  ),
]

onEmbedded('bad input: JSON', (service) => {
  badInput(service, lines)
  afterwards(service)
})
