import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { accepted, type BadInput, badInput, refused } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import { BOUNDARY, chunked, type FormPart, file, form, formBody } from '../support/message.ts'

const LIMIT_BYTES = 50 * 1024 * 1024
const typed = (type: string, parts: FormPart[] = [file()]) => form(parts, { 'Content-Type': type })
const field = (name: string, value: string): FormPart => ({ name, value })
const fields = (count: number) => Array.from({ length: count }, (_, index) => field(`field${index}`, 'x'))
const unclosed = (parts: FormPart[]) => form(formBody(parts).subarray(0, -`\r\n--${BOUNDARY}--\r\n`.length))
const headed = (head: string) => form([{ value: 'some text', head }])
const titled = 'Content-Disposition: form-data; name="title"'
const disposition = 'Content-Disposition: form-data; name="file"; filename="a.txt"'

/** Reads the paste's own account of its file name. */
const named =
  (expected: string | null): BadInput['check'] =>
  (answer) =>
    expect(answer.json().fileName).toBe(expected)

/** Downloads the paste and looks at the name in the header. */
const disposed =
  (expected: string): BadInput['check'] =>
  async (answer, service) => {
    const read = await service.request(`GET /download/${answer.json().slug}`)
    expect(read.status).toBe(200)
    expect(read.headers['content-disposition']).toBe(expected)
  }

const lines: BadInput[] = [
  refused(25, 'no boundary', typed('multipart/form-data'), 400, 'invalid_multipart'),
  refused(25, 'an empty boundary', typed('multipart/form-data; boundary=""'), 400, 'invalid_multipart'),
  refused(25, 'another boundary', typed('multipart/form-data; boundary=other'), 400, 'invalid_multipart'),
  refused(26, 'a body that is no form', form('some bytes that are no form'), 400, 'invalid_multipart'),
  refused(27, 'a file that is never closed', unclosed([file()]), 400, 'invalid_multipart'),
  refused(27, 'a file of 1 MiB that is never closed', unclosed([file('x'.repeat(1 << 20))]), 400, 'invalid_multipart'),
  refused(27, 'a field that is never closed', unclosed([field('title', 'x')]), 400, 'invalid_multipart'),
  refused(28, 'an empty body', form(''), 422, 'missing_file'),
  refused(28, 'a form without parts', form(`--${BOUNDARY}--\r\n`), 422, 'missing_file'),
  refused(28, 'a form without a file', form([field('title', 'x')]), 422, 'missing_file'),
  refused(29, 'two files', form([file(), file()]), 422, 'too_many_files'),
  refused(29, 'two large files', form([file('x'.repeat(1 << 20)), file('y'.repeat(1 << 20))]), 422, 'too_many_files'),
  refused(31, 'a field of more than 1 KiB', form([field('title', 'x'.repeat(1_025)), file()]), 422, 'field_too_long'),
  refused(32, '21 fields', form([...fields(21), file()]), 422, 'unknown_field'),
  // Headers of a part other than the known ones are ignored (RFC 7578 section 4.8), however many, within fixed memory.
  accepted(32, '1,000 headers of one part', headed(`${disposition}${'\r\nX-A: b'.repeat(1_000)}`)),
  accepted(32, 'a part header of 1 MiB', headed(`${disposition}\r\nX-A: ${'b'.repeat(1 << 20)}`)),
  refused(
    32,
    'a part header of 1 MiB before the name',
    headed(`X-A: ${'b'.repeat(1 << 20)}\r\n${disposition}`),
    422,
    'missing_file',
  ),
  refused(
    32,
    'a field of JSON',
    form([{ value: '{}', head: `${titled}\r\nContent-Type: application/json` }, file()]),
    422,
    'validation_failed',
  ),
  accepted(33, 'a field after the file', form([file(), field('title', 'x')]), 'some text', (answer) =>
    expect(answer.json().title).toBe('x'),
  ),
  refused(34, 'an unknown field', form([field('colour', 'red'), file()]), 422, 'unknown_field', (answer) =>
    expect(answer.json().pointer).toBe('/colour'),
  ),
  refused(34, 'an option under its name elsewhere', form([field('expires', '60'), file()]), 422, 'unknown_field'),
  refused(
    35,
    'a field that comes twice',
    form([field('title', 'x'), field('title', 'x'), file()]),
    422,
    'duplicate_field',
  ),
  refused(
    35,
    'a field that comes twice, empty at first',
    form([field('title', ''), field('title', 'x'), file()]),
    422,
    'duplicate_field',
  ),
  refused(36, 'a field named __proto__', form([field('__proto__', 'x'), file()]), 400, 'invalid_field_name'),
  refused(36, 'a field named toString', form([field('toString', 'x'), file()]), 400, 'invalid_field_name'),
  refused(36, 'a file named __proto__', form([{ ...file(), name: '__proto__' }]), 400, 'invalid_field_name'),
  refused(37, 'a field without a name', form([{ value: 'x' }, file()]), 400, 'invalid_field_name'),
  refused(37, 'a file without a name', form([{ value: 'x', fileName: 'a.txt' }]), 400, 'invalid_field_name'),
  accepted(38, 'a file name that climbs', form([file('some text', '../../etc/passwd')]), 'some text', named('passwd')),
  accepted(38, 'a file name of Windows', form([file('some text', 'C:\\x\\y.txt')]), 'some text', named('y.txt')),
  accepted(38, 'a file name of dots', form([file('some text', '..')]), 'some text', named(null)),
  accepted(39, 'a file name with a NUL', form([file('some text', 'a\0b.txt')]), 'some text', named('ab.txt')),
  accepted(
    39,
    'a file name with quotes, semicolons and a percent sign',
    form([file('some text', 'a\\"; b%22;.txt')]),
    'some text',
    disposed(`attachment; filename="a; b_22;.txt"; filename*=UTF-8''a%3B%20b%2522%3B.txt`),
  ),
  accepted(
    40,
    'a file name that turns the text around',
    form([file('some text', 'a\u202egpj.\u200btxt')]),
    'some text',
    named('agpj.txt'),
  ),
  accepted(
    41,
    'a file name in Hebrew with an emoji',
    form([file('some text', 'שלום😀.txt')]),
    'some text',
    disposed(`attachment; filename=_____.txt; filename*=UTF-8''%D7%A9%D7%9C%D7%95%D7%9D%F0%9F%98%80.txt`),
  ),
  accepted(
    42,
    'a file name of 256 bytes',
    form([file('some text', 'é'.repeat(128))]),
    'some text',
    named('é'.repeat(127)),
  ),
  accepted(43, 'an empty file name', form([file('some text', '')]), 'some text', (answer) =>
    expect(answer.json().fileName).toBeNull(),
  ),
  refused(
    45,
    'a boundary of 300 characters',
    typed(`multipart/form-data; boundary=${'x'.repeat(300)}`),
    415,
    'unsupported_media_type',
  ),
  refused(
    45,
    'a boundary of 100 characters',
    typed(`multipart/form-data; boundary=${'x'.repeat(100)}`),
    400,
    'invalid_multipart',
  ),
  refused(
    46,
    'a part in base64',
    headed(`${disposition}\r\nContent-Transfer-Encoding: base64`),
    415,
    'unsupported_content_encoding',
  ),
  accepted(46, 'a part in 8bit', headed(`${disposition}\r\nContent-Transfer-Encoding: 8bit`)),
  accepted(
    47,
    'a part of text/html',
    headed(`${disposition}\r\nContent-Type: text/html`),
    'some text',
    async (answer, service) => {
      const read = await service.request(`GET /raw/${answer.json().slug}`)
      expect(read.headers['content-type']).toBe('text/plain; charset=utf-8')
    },
  ),
  refused(83, 'an expiry that is no number', form([field('expiresIn', '10.5'), file()]), 422, 'invalid_expiry'),
  refused(9, 'an empty file', form([file('')]), 422, 'empty_content'),
  refused(23, 'a compressed form', form([file()], { 'Content-Encoding': 'gzip' }), 415, 'unsupported_content_encoding'),
  accepted(
    30,
    'a file of exactly 50 MiB',
    form([file(Buffer.alloc(LIMIT_BYTES, 'x'))]),
    Buffer.alloc(LIMIT_BYTES, 'x'),
  ),
  refused(
    30,
    'a file of 50 MiB and 1 byte',
    form([file(Buffer.alloc(LIMIT_BYTES + 1, 'x'))]),
    413,
    'payload_too_large',
  ),
  refused(
    30,
    'a file of 50 MiB and 1 byte in chunks',
    () => form(chunked(formBody([file(Buffer.alloc(LIMIT_BYTES + 1, 'x'))])), { 'Transfer-Encoding': 'chunked' }),
    413,
    'payload_too_large',
  ),
  refused(44, '60 MiB before the first boundary', () => form(Buffer.alloc(60 << 20, 'x')), 413, 'payload_too_large'),
  refused(
    44,
    '60 MiB in chunks before the first boundary',
    () => form(chunked(Buffer.alloc(60 << 20, 'x'), formBody([file()])), { 'Transfer-Encoding': 'chunked' }),
    413,
    'payload_too_large',
  ),
]

// Line 50: the rate is asked of Redis before the parser sees the body.
onEmbedded(
  'bad input: multipart',
  (service) => {
    badInput(service, lines)
    afterwards(service)
  },
  { RATE_LIMIT_CREATE: '1000000/minute' },
)
