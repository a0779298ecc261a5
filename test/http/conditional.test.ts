import { describe, expect, test } from 'vitest'
import { matchHolds, noneMatchHolds, notModifiedSince, rangeStillHolds, unmodifiedHolds } from '../../src/http/index.ts'
import { patiently } from '../patience.ts'

const DATE = 'Sun, 22 Nov 2026 21:00:00 GMT'
const AT = Date.parse(DATE)

describe('conditions', () => {
  test.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"x", W/"a"', true],
    ['"x",, "a"', false],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['"a', false],
    [undefined, false],
  ])('If-None-Match: %s', (header, holds) => {
    expect(noneMatchHolds(header, ['"a"'])).toBe(holds)
  })

  test.each([
    ['"a"', true],
    ['"x", "a"', true],
    ['W/"a"', false],
    ['*', true],
    ['"b"', false],
    ['a', false],
    [undefined, true],
  ])('If-Match: %s', (header, holds) => {
    expect(matchHolds(header, ['"a"'])).toBe(holds)
  })

  test.each([
    ['"a"', true],
    ['W/"a"', false],
    ['"b"', false],
    [DATE, true],
    ['Sun, 22 Nov 2026 20:59:59 GMT', false],
    ['Sun, 22 Nov 2026 21:00:01 GMT', false],
    ['nonsense', false],
    [undefined, true],
  ])('If-Range: %s', (header, holds) => {
    expect(rangeStillHolds(header, '"a"', AT + 999)).toBe(holds)
  })

  test('a date counts whole seconds, and one that can not be read counts for nothing', () => {
    expect(notModifiedSince(DATE, AT + 999)).toBe(true)
    expect(notModifiedSince(DATE, AT + 1_000)).toBe(false)
    expect(notModifiedSince('nonsense', AT)).toBe(false)
    expect(unmodifiedHolds(DATE, AT + 999)).toBe(true)
    expect(unmodifiedHolds(DATE, AT + 1_000)).toBe(false)
    expect(unmodifiedHolds('nonsense', AT)).toBe(true)
  })

  test('a long list of tags is read in no time', () => {
    const startedAt = performance.now()
    noneMatchHolds(`${'"x" ,'.repeat(3_000)}!`, ['"a"'])
    noneMatchHolds('"'.repeat(15_000), ['"a"'])
    noneMatchHolds(`"a"${' '.repeat(15_000)}!`, ['"b"'])
    expect(performance.now() - startedAt).toBeLessThan(patiently(1_000))
  })
})
