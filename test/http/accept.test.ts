import { describe, expect, test } from 'vitest'
import { noneMatchHolds, pickEncoding, prefersHtml, prefersJson } from '../../src/http/index.ts'

describe('what a client asks for', () => {
  test('a browser gets a page', () => {
    expect(prefersHtml('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe(true)
  })
  test.each([undefined, '*/*', 'text/plain', 'application/json', 'text/html;q=0', 'text/html;q=0.2, text/plain'])(
    '%s gets the bytes',
    (accept) => expect(prefersHtml(accept)).toBe(false),
  )
  test('JSON is given only to who ranks nothing above it', () => {
    for (const accept of [
      'application/json',
      'application/json, */*;q=0.5',
      'text/plain;q=0.1, application/json;q=0.2',
    ])
      expect(prefersJson(accept), accept).toBe(true)
    for (const accept of [undefined, '*/*', 'application/json;q=0', 'application/json;q=0.5, text/plain'])
      expect(prefersJson(accept), accept).toBe(false)
  })
  test('of the encodings that are accepted, the best is taken', () => {
    expect(pickEncoding('gzip, deflate, br, zstd')).toBe('zstd')
    expect(pickEncoding('gzip, deflate, br')).toBe('br')
    expect(pickEncoding('br;q=0, gzip')).toBe('gzip')
    expect(pickEncoding('deflate')).toBe('identity')
    expect(pickEncoding(undefined)).toBe('identity')
  })
  test('an ETag matches by itself, in a list, weakly, and by *', () => {
    for (const header of ['"a"', '"b", "a"', 'W/"a"', '*']) expect(noneMatchHolds(header, ['"a"'])).toBe(true)
    for (const header of [undefined, '"b"', 'a']) expect(noneMatchHolds(header, ['"a"'])).toBe(false)
  })
})
