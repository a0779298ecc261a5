import { expect } from 'vitest'
import { afterwards } from '../support/afterwards.ts'
import { type BadInput, badInput } from '../support/bad-input.ts'
import { onEmbedded } from '../support/lanes.ts'
import type { Fields } from '../support/message.ts'
import { raw, request } from '../support/message.ts'

// No byte like its neighbours, and nothing that zstd could shrink.
const content = Buffer.from(Array.from({ length: 1_000 }, (_, index) => (index * 167 + (index >> 8)) & 255))

/** Makes the paste of 1,000 bytes and asks for it with header fields made of its own. */
const get = (
  line: number,
  what: string,
  status: number,
  fields: Fields | ((read: Fields) => Fields),
  expected: BadInput['check'],
): BadInput => ({
  line,
  what,
  status,
  asking: async (service) => {
    const { rawUrl } = (await service.ask(raw(content))).json()
    const path = new URL(rawUrl).pathname
    const { headers } = await service.request(`HEAD ${path}`)
    return request(`GET ${path}`, typeof fields === 'function' ? fields(headers) : fields)
  },
  check: expected,
})

const part =
  (start: number, end: number): BadInput['check'] =>
  (answer) => {
    expect(answer.headers['content-range']).toBe(`bytes ${start}-${end - 1}/1000`)
    expect(answer.headers['content-length']).toBe(`${end - start}`)
    expect(answer.body.equals(content.subarray(start, end))).toBe(true)
  }
const whole: BadInput['check'] = (answer) => {
  expect(answer.headers['content-range']).toBeUndefined()
  expect(answer.body.equals(content)).toBe(true)
}
const unchanged: BadInput['check'] = (answer) => {
  expect(answer.body).toHaveLength(0)
  expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(['etag', 'cache-control', 'vary']))
}
const beyond: BadInput['check'] = (answer) => {
  expect(answer.headers['content-range']).toBe('bytes */1000')
  expect(answer.json().code).toBe('range_not_satisfiable')
}
const range = (value: string) => ({ Range: value })
const tagged = (make: (tag: string) => Fields) => (read: Fields) => make(`${read.etag}`)

const lines: BadInput[] = [
  get(93, 'the first byte', 206, range('bytes=0-0'), part(0, 1)),
  get(93, 'the last byte', 206, range('bytes=-1'), part(999, 1000)),
  get(93, 'from byte 999', 206, range('bytes=999-'), part(999, 1000)),
  get(93, 'a range that ends too late', 206, range('bytes=0-99999'), part(0, 1000)),
  get(93, 'a suffix longer than all', 206, range('bytes=-2000'), part(0, 1000)),
  get(94, 'a range beyond the end', 416, range('bytes=1000-'), beyond),
  get(94, 'a suffix of nothing', 416, range('bytes=-0'), beyond),
  ...['5-4', '', 'abc', '--5', '-', '1-2-3', '0x0-1', '0-9999999999999999'].map((spec) =>
    get(95, `bytes=${spec}`, 200, range(`bytes=${spec}`), whole),
  ),
  get(95, 'lines=1-2', 200, range('lines=1-2'), whole),
  get(96, 'two ranges', 200, range('bytes=0-1,5-6'), whole),
  get(96, '1,000 ranges', 200, range(`bytes=${Array.from({ length: 1_000 }, () => '0-0').join()}`), whole),
  get(99, 'If-Range with another tag', 200, { ...range('bytes=0-1'), 'If-Range': '"other"' }, whole),
  get(
    99,
    'If-Range with a weak tag',
    200,
    tagged((tag) => ({ ...range('bytes=0-1'), 'If-Range': `W/${tag}` })),
    whole,
  ),
  get(
    99,
    'If-Range with another date',
    200,
    { ...range('bytes=0-1'), 'If-Range': 'Sat, 01 Jan 2000 00:00:00 GMT' },
    whole,
  ),
  get(
    99,
    'If-Range with the tag',
    206,
    tagged((tag) => ({ ...range('bytes=0-1'), 'If-Range': tag })),
    part(0, 2),
  ),
  get(
    99,
    'If-Range with the date',
    206,
    (read) => ({ ...range('bytes=0-1'), 'If-Range': `${read['last-modified']}` }),
    part(0, 2),
  ),
  get(
    100,
    'If-None-Match with the tag',
    304,
    tagged((tag) => ({ 'If-None-Match': tag })),
    unchanged,
  ),
  get(
    100,
    'If-None-Match with the weak tag',
    304,
    tagged((tag) => ({ 'If-None-Match': `W/${tag}` })),
    unchanged,
  ),
  get(
    100,
    'If-None-Match with a list',
    304,
    tagged((tag) => ({ 'If-None-Match': `"a", ${tag} , W/"b"` })),
    unchanged,
  ),
  get(100, 'If-None-Match: *', 304, { 'If-None-Match': '*' }, unchanged),
  get(
    100,
    'If-None-Match and a range',
    304,
    tagged((tag) => ({ 'If-None-Match': tag, ...range('bytes=0-1') })),
    unchanged,
  ),
  get(
    100,
    'If-None-Match and a range beyond the end',
    304,
    tagged((tag) => ({ 'If-None-Match': tag, ...range('bytes=1000-') })),
    unchanged,
  ),
  get(100, 'If-None-Match with another tag', 200, { 'If-None-Match': '"other"' }, whole),
  get(101, 'If-None-Match: x', 200, { 'If-None-Match': 'x' }, whole),
  get(
    101,
    'If-None-Match with the tag without quotes',
    200,
    tagged((tag) => ({ 'If-None-Match': tag.slice(1, -1) })),
    whole,
  ),
  get(
    102,
    'If-Modified-Since beside If-None-Match',
    200,
    (read) => ({ 'If-None-Match': '"other"', 'If-Modified-Since': `${read['last-modified']}` }),
    whole,
  ),
  get(
    102,
    'If-Modified-Since with the date',
    304,
    (read) => ({ 'If-Modified-Since': `${read['last-modified']}` }),
    unchanged,
  ),
  get(102, 'If-Modified-Since with no date', 200, { 'If-Modified-Since': 'some day' }, whole),
  get(106, 'a range for who accepts gzip', 206, { ...range('bytes=0-9'), 'Accept-Encoding': 'gzip' }, part(0, 10)),
  get(107, 'Accept: image/png', 200, { Accept: 'image/png' }, whole),
]

onEmbedded('bad input: ranges and conditions', (service) => {
  badInput(service, lines)
  afterwards(service)
})
