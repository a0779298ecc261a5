import { describe, expect, test } from 'vitest'
import { amountWords, bytesWords, durationWords, judge, shareWords } from '../../../src/web/shared/figures.js'

describe('figures in words', () => {
  test.each([
    [0, '0'],
    [0.0001, '≈0'],
    [0.0025, '0.0025'],
    [0.254, '0.25'],
    [3.44, '3.4'],
    [9.96, '10'],
    [412.4, '412'],
    [12_040, '12,040'],
    [99_999.6, '100k'],
    [1_240_000, '1.24M'],
  ])('%d is %s', (value, words) => expect(amountWords(value)).toBe(words))
  test.each([
    [0.34, '0.34 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1_240, '1.2 s'],
    [9_960, '10 s'],
    [240_000, '4 min'],
  ])('%d ms is %s', (value, words) => expect(durationWords(value)).toBe(words))
  test('a share is told in percent, bytes in their unit', () => {
    expect([0, 0.0002, 0.034, 0.62, 0.9996, 1].map(shareWords)).toEqual([
      '0 %',
      '0.02 %',
      '3.4 %',
      '62 %',
      '99.9 %',
      '100 %',
    ])
    expect(bytesWords(116 * 2 ** 20 + 0.4)).toBe('116 MiB')
  })
  test('no data is a dash', () => {
    for (const words of [amountWords, durationWords, shareWords, bytesWords]) expect(words(null)).toBe('–')
  })
})

describe('whether it is well now', () => {
  const now = { requestsPerSecond: 10, errorShare: 0, p99Ms: 8, saturated: { resource: 'cpu', share: 0.3 } }

  test.each([
    [now, 'good', 'Well'],
    [{ ...now, requestsPerSecond: 0, p99Ms: null, saturated: null }, 'good', 'Idle'],
    [{ ...now, p99Ms: 1_500 }, 'warn', 'Slow: one answer in a hundred takes 1.5 s or more.'],
    [{ ...now, errorShare: 0.001 }, 'warn', 'Some errors: 0.1 % of the answers.'],
    [{ ...now, saturated: { resource: 'database pool', share: 0.97 } }, 'warn', 'At its limit: database pool, 97 %'],
    [
      { ...now, errorShare: 0.05, saturated: { resource: 'cpu', share: 1 } },
      'bad',
      'Failing: 5 % of the answers are errors.',
    ],
  ])('%j is %s: %s', (given, mood, words) => {
    const verdict = judge(given)
    expect(verdict.mood).toBe(mood)
    expect(verdict.words).toContain(words)
  })
})
