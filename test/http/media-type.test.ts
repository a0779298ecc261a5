import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../../src/core/index.ts'
import { parseMediaType } from '../../src/http/index.ts'
import { requireUtf8 } from '../../src/http/parse-media-type.ts'

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    if (!isAppError(error)) throw error
    return error.code
  }
}

describe('Content-Type', () => {
  test.each([
    ['application/json', 'application/json', {}],
    ['Application/JSON; Charset=UTF-8', 'application/json', { charset: 'UTF-8' }],
    ['application/json;', 'application/json', {}],
    ['text/plain; ;charset=utf-8 ; ', 'text/plain', { charset: 'utf-8' }],
    ['multipart/form-data; boundary="a b\\"c"', 'multipart/form-data', { boundary: 'a b"c' }],
  ])('%s', (header, type, parameters) => {
    const parsed = parseMediaType(header)
    expect([parsed.type, { ...parsed.parameters }]).toEqual([type, parameters])
  })

  test.each([
    '',
    ' application/json',
    'application/json\ta',
    ';;;',
    'application',
    'text/plain; charset=utf-8; charset=latin1',
    `text/${'x'.repeat(300)}`,
  ])('%j is malformed', (header) => {
    expect(codeOf(() => parseMediaType(header))).toBe('unsupported_media_type')
  })

  test('only UTF-8 is text', () => {
    for (const charset of ['utf-8', 'UTF8', 'us-ascii'])
      expect(codeOf(() => requireUtf8(parseMediaType(`text/plain; charset=${charset}`)))).toBeUndefined()
    for (const charset of ['utf-16', 'latin1', '"utf-8 "'])
      expect(codeOf(() => requireUtf8(parseMediaType(`text/plain; charset=${charset}`)))).toBe('unsupported_charset')
  })

  test('any text is read, or refused by its code', () => {
    fc.assert(fc.property(fc.string(), (header) => void codeOf(() => parseMediaType(header))))
  })
})
