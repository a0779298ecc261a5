import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError, systemRandom } from '../../src/core/index.ts'
import { planPaste } from '../../src/paste/create/options.ts'
import { checkEditToken, derivedEditToken, hashToken, newEditToken } from '../../src/paste/create/tokens.ts'
import type { PasteOptions } from '../../src/paste/model/paste.ts'
import { decodeCursor, encodeCursor } from '../../src/paste/read/cursor.ts'

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'ok'
  } catch (error) {
    if (!isAppError(error)) throw error
    return error.code
  }
}

describe('cursors', () => {
  const place = fc.record({ listedAt: fc.nat(2 ** 41), slug: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/) })

  test('a cursor gives its place back', () => {
    fc.assert(fc.property(place, (there) => void expect(decodeCursor(encodeCursor(there))).toEqual(there)))
  })

  test('a cursor that was tampered with is refused', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom(...'AZaz09_-'), (there, at, letter) => {
        const cursor = encodeCursor(there)
        const index = at % cursor.length
        const other = cursor.slice(0, index) + letter + cursor.slice(index + 1)
        // The last letter may have bits that decode to nothing.
        if (Buffer.from(other, 'base64url').equals(Buffer.from(cursor, 'base64url'))) return
        expect(codeOf(() => decodeCursor(other))).toBe('invalid_cursor')
      }),
    )
  })

  test('any other text is refused', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(codeOf(() => decodeCursor(text))).toBe('invalid_cursor')))
  })
})

describe('edit tokens', () => {
  const token = newEditToken(systemRandom)

  test('only the token itself opens', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(codeOf(() => checkEditToken(token, hashToken(token)))).toBe('ok')
    expect(codeOf(() => checkEditToken(undefined, hashToken(token)))).toBe('token_required')
    for (const wrong of [
      '',
      'x',
      `${token}A`,
      `${token}=`,
      token.slice(1),
      newEditToken(systemRandom),
      token.repeat(500),
    ])
      expect(codeOf(() => checkEditToken(wrong, hashToken(token)))).toBe('token_invalid')
  })

  test('a token that decodes to the same bytes by stray bits is another token', () => {
    const stray = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(42) + 1)
    expect(codeOf(() => checkEditToken(stray, hashToken(stray)))).toBe('token_invalid')
  })

  test('the same key and salt make the same token, others another', () => {
    expect(derivedEditToken('key', 'salt')).toBe(derivedEditToken('key', 'salt'))
    expect(derivedEditToken('key', 'salt')).not.toBe(derivedEditToken('key', 'salt2'))
    expect(codeOf(() => checkEditToken(derivedEditToken('k', 's'), hashToken(derivedEditToken('k', 's'))))).toBe('ok')
  })
})

describe('options', () => {
  const rules = {
    clock: { now: () => 1_800_000_000_000 },
    expiry: { defaultMs: null, minMs: 10_000, maxMs: null },
    reserved: new Set(['api']),
  }
  const plan = (options: PasteOptions) => planPaste(options, rules)

  test('without any there are defaults', () => {
    expect(plan({})).toMatchObject({
      slug: undefined,
      title: null,
      language: null,
      visibility: 'unlisted',
      expiresAt: null,
    })
  })

  test.each([
    [{ title: '  A title  ' }, { title: 'A title' }],
    [{ title: '   ' }, { title: null }],
    [{ title: '😀'.repeat(200) }, { title: '😀'.repeat(200) }],
    [{ language: 'C++' }, { language: 'c++' }],
    [{ language: '' }, { language: null }],
  ])('%j', (options, expected) => expect(plan(options)).toMatchObject(expected))

  test.each([
    [{ title: 'x'.repeat(201) }, 'invalid_title'],
    [{ title: 'two\nlines' }, 'invalid_title'],
    [{ title: 'turn \u202e around' }, 'invalid_title'],
    [{ title: '\ud800' }, 'invalid_unicode'],
    [{ language: '../../x' }, 'invalid_language'],
    [{ language: '<script>' }, 'invalid_language'],
    [{ language: 'x'.repeat(33) }, 'invalid_language'],
    [{ slug: 'api' }, 'reserved_slug'],
    [{ slug: 'a' }, 'invalid_slug'],
  ])('%j is refused', (options, code) => expect(codeOf(() => plan(options))).toBe(code))
})
