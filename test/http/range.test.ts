import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRange } from '../../src/http/index.ts'

describe('Range', () => {
  test.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=999-', { start: 999, end: 1000 }],
    ['bytes=0-99999', { start: 0, end: 1000 }],
    ['bytes=-1', { start: 999, end: 1000 }],
    ['bytes=-5000', { start: 0, end: 1000 }],
    ['BYTES= 5-7 ', { start: 5, end: 8 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=1000-1001', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=', null],
    ['bytes=a-b', null],
    ['bytes=--5', null],
    ['bytes=0-1,5-6', null],
    ['bytes=0-9999999999999999', null],
    ['lines=1-2', null],
    [undefined, null],
  ])('%s of 1,000 bytes', (header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected)
  })

  test('what it gives lies inside, and is never empty', () => {
    const edge = fc.option(fc.nat(10_000), { nil: '' })
    fc.assert(
      fc.property(edge, edge, fc.integer({ min: 1, max: 10_000 }), (first, last, sizeBytes) => {
        const range = parseRange(`bytes=${first}-${last}`, sizeBytes)
        if (range === null || range === 'unsatisfiable') return
        expect(range.start).toBeGreaterThanOrEqual(0)
        expect(range.end).toBeGreaterThan(range.start)
        expect(range.end).toBeLessThanOrEqual(sizeBytes)
      }),
    )
  })

  test('any text is read without throwing', () => {
    fc.assert(fc.property(fc.string(), (header) => void parseRange(header, 10)))
  })
})
