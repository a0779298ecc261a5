import { describe, expect, test } from 'vitest'
import { patience, patiently } from './patience.ts'

describe('the factor of all time limits', () => {
  test('is one on a calm machine, and what waits for each core on a busy one', () => {
    expect(patience(undefined, 0.4, 2)).toBe(1)
    expect(patience(undefined, 6, 2)).toBe(3)
    expect(patience('', 400, 2)).toBe(8)
  })

  test('is five or more in CI, where a machine that gets busy later decides too', () => {
    expect(patience(undefined, 0.4, 2, true)).toBe(5)
    expect(patience(undefined, 12, 2, true)).toBe(6)
  })

  test('is TEST_PATIENCE where that is set', () => {
    expect(patience('2.5', 100, 1)).toBe(2.5)
    expect(() => patience('0.5', 0, 1)).toThrow('TEST_PATIENCE is 0.5; it wants a number of 1 or more')
    expect(() => patience('much', 0, 1)).toThrow('TEST_PATIENCE is much')
  })

  test('is the same in every process of a run', () => {
    expect(patiently(1_000)).toBe(Math.ceil(1_000 * Number(process.env.TEST_PATIENCE)))
  })
})
