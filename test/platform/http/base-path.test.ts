import { expect, test } from 'vitest'
import { belowBase } from '../../../src/platform/http/base-path.ts'

test.each([
  ['/paste/raw/abc?x=1', '/raw/abc?x=1'],
  ['/paste/', '/'],
  ['/paste', '/'],
  ['/paste?from=abc', '/?from=abc'],
  ['/raw/abc', '/raw/abc'],
  ['/', '/'],
  ['/pastel', '/pastel'],
  ['/paste.txt', '/paste.txt'],
])('below /paste, %s is %s', (url, expected) => {
  expect(belowBase('/paste')({ url })).toBe(expected)
})
