import { expect, test } from 'vitest'
import { bearerToken, parseAuthorization } from '../../src/http/index.ts'

test.each([
  ['Bearer abc', { scheme: 'bearer', credentials: 'abc' }],
  ['bEARER   abc  ', { scheme: 'bearer', credentials: 'abc' }],
  ['Basic OnNlc2FtZQ==', { scheme: 'basic', credentials: 'OnNlc2FtZQ==' }],
  ['Bearer two words', { scheme: 'bearer', credentials: 'two words' }],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer\tabc', undefined],
  ['(x) abc', undefined],
  ['', undefined],
  [undefined, undefined],
])('Authorization %j holds %j', (header, expected) => {
  expect(parseAuthorization(header)).toEqual(expected)
})

test('only the Bearer scheme holds a bearer token', () => {
  expect([bearerToken('Bearer abc'), bearerToken('Basic abc'), bearerToken(undefined)]).toEqual([
    'abc',
    undefined,
    undefined,
  ])
})
