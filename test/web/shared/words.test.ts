import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agoWords, countWords, endsWords, readingsWords, sizeWords, spanWords } from '../../../src/web/shared/words.js'

const HOUR = 3_600_000

describe('words', () => {
  test('sizes have one decimal below a hundred of their unit', () => {
    expect([0, 1, 1023, 1024, 1536, 3_565_158, 52_428_800].map(sizeWords)).toEqual([
      '0 B',
      '1 B',
      '1,023 B',
      '1 KiB',
      '1.5 KiB',
      '3.4 MiB',
      '50 MiB',
    ])
  })
  test('no size reads as 1,024 of a unit', () => {
    assert(property(integer({ min: 1024, max: 2 ** 31 - 1 }), (bytes) => !sizeWords(bytes).startsWith('1,024 ')))
  })
  test('what ends in 30 days does not read as 29 a second later', () => {
    expect(spanWords(30 * 24 * HOUR - 1000)).toBe('30 days')
  })
  test('spans use the largest unit that still tells something', () => {
    expect(
      [59_000, 89_000, 90_000, 2 * HOUR, 35 * HOUR, 36 * HOUR, 70 * 24 * HOUR, 800 * 24 * HOUR].map(spanWords),
    ).toEqual(['59 s', '89 s', '2 min', '2 h', '35 h', '2 days', '10 weeks', '2 years'])
  })
  test('a year is a year, not 52 weeks', () => {
    expect([364, 365, 366, 400].map((days) => spanWords(days * 24 * HOUR))).toEqual([
      '52 weeks',
      '1 year',
      '1 year',
      '57 weeks',
    ])
  })
  test('an end is told as never, to come, or past', () => {
    expect([endsWords(null, 0), endsWords(23 * HOUR, 0), endsWords(1, 1)]).toEqual([
      'never ends',
      'ends in 23 h',
      'has ended',
    ])
  })
  test('counts have their plural, and what is seconds old is just now', () => {
    expect([countWords(1, 'line'), countWords(41_203, 'line'), agoWords(0, 9_000)]).toEqual([
      '1 line',
      '41,203 lines',
      'just now',
    ])
  })
  test('readings are counted in words', () => {
    expect(readingsWords(1)).toMatch(/^It can be read once\..* uses the reading up/)
    expect(readingsWords(1_000)).toMatch(/^It can be read 1,000 times\..* uses one reading up/)
  })
})
