import { expect, test } from 'vitest'
import { bearerToken, givenSecret } from '../../src/http/index.ts'

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

test.each([
  ['Bearer abc', { secret: 'abc', isPassword: false }],
  ['bEARER   abc  ', { secret: 'abc', isPassword: false }],
  ['Bearer two words', { secret: 'two words', isPassword: false }],
  [basic('anybody:se:same'), { secret: 'se:same', isPassword: true }],
  [basic(':sesame'), { secret: 'sesame', isPassword: true }],
  [basic('no colon'), { secret: undefined, isPassword: true }],
  ...['Bearer', 'Bearer ', 'Bearer\tabc', '(x) abc', 'Digest abc', '', undefined].map(
    (header) => [header, { secret: undefined, isPassword: false }] as const,
  ),
] as const)('Authorization %j holds %j', (header, expected) => {
  expect(givenSecret(header)).toEqual(expected)
})

test('only the Bearer scheme holds a bearer token', () => {
  expect([bearerToken('Bearer abc'), bearerToken('Basic abc'), bearerToken(undefined)]).toEqual([
    'abc',
    undefined,
    undefined,
  ])
})
