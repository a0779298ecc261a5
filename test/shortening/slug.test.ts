import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError, systemRandom } from '../../src/core/index.ts'
import {
  CUSTOM_SLUG_PATTERN,
  checkCustomSlug,
  generateObjectKey,
  generateSlug,
  isSlug,
  reservedWords,
} from '../../src/shortening/index.ts'

const RESERVED = reservedWords(['/', '/:slug', '/raw/:slug', '/favicon.ico', '/Health/live', '/*'])

function verdict(slug: string): string {
  try {
    checkCustomSlug(slug, RESERVED)
    return 'ok'
  } catch (error) {
    return isAppError(error) ? error.code : 'threw'
  }
}

describe('slugs', () => {
  test.each(['abc', 'A_-9', 'build-log', 'a--b', 'x'.repeat(64), '007'])('%s may be chosen', (slug) => {
    expect(verdict(slug)).toBe('ok')
  })

  test.each([
    '',
    'ab',
    'x'.repeat(65),
    '-ab',
    'ab-',
    '_ab',
    'a b',
    'a.b',
    'a/b',
    'é'.repeat(3),
    'abc\n',
    'abc\0',
    'раура',
    '..',
    '%2e%2e',
  ])('%j may not', (slug) => expect(verdict(slug)).toBe('invalid_slug'))

  test.each(['raw', 'RAW', 'health', 'favicon', 'api', 'Admin', 'xn--abc'])('%s is kept for the service', (slug) => {
    expect(verdict(slug)).toBe('reserved_slug')
  })

  test('a parameter or a wildcard reserves nothing', () => {
    expect([...RESERVED].filter((word) => /[:*/]/.test(word) || word === '')).toEqual([])
    expect(verdict('slug')).toBe('ok')
  })

  test('whatever passes has the documented pattern, and can be looked up', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{1,70}$/))
    fc.assert(
      fc.property(text, (slug) => {
        if (verdict(slug) !== 'ok') return
        expect(slug).toMatch(new RegExp(CUSTOM_SLUG_PATTERN))
        expect(isSlug(slug)).toBe(true)
      }),
    )
  })

  test('generated ones are of letters that nobody mistakes, as long as their secrecy needs', () => {
    for (const [visibility, length] of [
      ['unlisted', 8],
      ['public', 8],
      ['private', 22],
    ] as const) {
      const slugs = Array.from({ length: 2_000 }, () => generateSlug(systemRandom, visibility))
      expect(new Set(slugs).size).toBe(2_000)
      for (const slug of slugs) expect(slug).toMatch(new RegExp(`^[2-9A-HJ-NP-Za-km-z]{${length}}$`))
    }
    expect(generateObjectKey(systemRandom)).toMatch(/^[0-9A-Za-z]{27}$/)
  })

  test('every letter is as likely as every other', () => {
    const counts = new Map<string, number>()
    const total = 57 * 1_000
    for (let index = 0; index < total / 8; index++)
      for (const letter of generateSlug(systemRandom, 'public')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)
    expect(counts.size).toBe(57)
    // 56 degrees of freedom: more than 120 comes once in a million runs.
    expect(chiSquare).toBeLessThan(120)
  })
})
