import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../../src/core/index.ts'
import { type ExpiryLimits, type ExpiryRequest, isOver, resolveExpiry } from '../../src/expiry/index.ts'

const NOW = Date.parse('2026-11-22T21:00:00Z')
const DAY_MS = 86_400_000
const OPEN: ExpiryLimits = { defaultMs: 30 * DAY_MS, minMs: 10_000, maxMs: null }
const CLOSED: ExpiryLimits = { defaultMs: 30 * DAY_MS, minMs: 10_000, maxMs: 7 * DAY_MS }

function resolve(request: ExpiryRequest, limits = OPEN): number | null | string {
  try {
    const at = resolveExpiry(request, NOW, limits)
    return at === null ? null : at - NOW
  } catch (error) {
    return isAppError(error) ? error.code : 'threw'
  }
}

describe('when a paste ends', () => {
  test.each([
    [600, 600_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['7d', 7 * DAY_MS],
    ['4w', 28 * DAY_MS],
    [10, 10_000],
    [2_592_000, 30 * DAY_MS],
    ['never', null],
    [9, 'invalid_expiry'],
    [0, 'invalid_expiry'],
    [-1, 'invalid_expiry'],
    [10.5, 'invalid_expiry'],
    ['10', 'invalid_expiry'],
    ['1y', 'invalid_expiry'],
    ['', 'invalid_expiry'],
    [1e99, 'invalid_expiry'],
    [Number.MAX_SAFE_INTEGER + 1, 'invalid_expiry'],
  ])('expiresIn %s', (expiresIn, expected) => expect(resolve({ expiresIn })).toBe(expected))

  test.each([
    ['2026-11-22T22:00:00Z', 3_600_000],
    ['2026-11-22t22:00:00.500z', 3_600_500],
    ['2026-11-23T00:00:00+02:00', 3_600_000],
    ['2028-02-29T00:00:00Z', Date.parse('2028-02-29T00:00:00Z') - NOW],
    ['2026-11-22T20:59:59Z', 'invalid_expiry'],
    ['2026-11-22T21:00:05Z', 'invalid_expiry'],
    ['2027-02-29T00:00:00Z', 'invalid_expiry'],
    ['2026-11-31T00:00:00Z', 'invalid_expiry'],
    ['2026-11-23T24:00:00Z', 'invalid_expiry'],
    ['2026-12-31T23:59:60Z', 'invalid_expiry'],
    ['2026-11-23T00:00:00', 'invalid_expiry'],
    ['2026-1-1', 'invalid_expiry'],
    ['275760-09-13T00:00:00Z', 'invalid_expiry'],
    ['tomorrow', 'invalid_expiry'],
  ])('expiresAt %s', (expiresAt, expected) => expect(resolve({ expiresAt })).toBe(expected))

  test('both at once contradict each other', () => {
    expect(resolve({ expiresIn: 60, expiresAt: '2027-01-01T00:00:00Z' })).toBe('conflicting_fields')
  })

  test('where there is a longest time, it bounds what is asked, and nothing is for ever', () => {
    expect(resolve({ expiresIn: '7d' }, CLOSED)).toBe(7 * DAY_MS)
    expect(resolve({ expiresIn: '8d' }, CLOSED)).toBe('invalid_expiry')
    expect(resolve({ expiresIn: 'never' }, CLOSED)).toBe('expiry_out_of_range')
    expect(resolve({}, CLOSED)).toBe(7 * DAY_MS)
    expect(resolve({}, { ...CLOSED, defaultMs: null })).toBe(7 * DAY_MS)
    expect(resolve({}, { ...OPEN, defaultMs: null })).toBeNull()
  })

  test('whatever is asked for, it lies within the limits or is refused', () => {
    const asked = fc.record(
      {
        expiresIn: fc.oneof(fc.double(), fc.string(), fc.stringMatching(/^\d{1,12}[smhdw]?$/)),
        expiresAt: fc.string(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(asked, fc.constantFrom(OPEN, CLOSED), (request, limits) => {
        const result = resolve(request, limits)
        if (typeof result === 'string')
          expect(result).toMatch(/^(invalid_expiry|expiry_out_of_range|conflicting_fields)$/)
        else if (result === null) expect(limits.maxMs).toBeNull()
        else {
          expect(result).toBeGreaterThanOrEqual(limits.minMs)
          expect(result).toBeLessThanOrEqual(limits.maxMs ?? 251_000_000_000_000)
        }
      }),
    )
  })

  test('it is over at the millisecond of its end, and never before', () => {
    expect([isOver(NOW, NOW - 1), isOver(NOW, NOW), isOver(null, Number.MAX_SAFE_INTEGER)]).toEqual([
      false,
      true,
      false,
    ])
  })
})
