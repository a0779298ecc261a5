import { expect, test } from 'vitest'
import { expiryOfWords } from '../../src/expiry/index.ts'

test.for([
  ['10min', 600],
  ['5mins', 300],
  ['1h', 3_600],
  ['1hour', 3_600],
  ['24hour', 86_400],
  ['1day', 86_400],
  ['3days', 259_200],
  ['1week', 604_800],
  ['1month', 2_592_000],
  ['1M', 2_592_000],
  ['1m', 60],
  ['1year', 31_536_000],
  ['1h 30m', 5_400],
  ['1h30m', 5_400],
  ['300', 300],
  ['25d', 2_160_000],
] as const)('%s is %i seconds', ([words, seconds]) => {
  expect(expiryOfWords(words)).toBe(seconds)
})

test.for(['never', 'soon', '', '1fortnight', '10', '-1d', '1.5h', '1d;', `${'1d '.repeat(1_000)}!`])(
  '%s is a number of seconds, or stays as it is',
  (words) => {
    expect([words, Number(words)]).toContain(expiryOfWords(words))
  },
)
