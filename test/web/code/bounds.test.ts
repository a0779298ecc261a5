import { describe, expect, test } from 'vitest'
import { escapeText, mostRowCharacters, renderPlain, rowsFit } from '../../../src/web/code/index.ts'
import { guessLanguage } from '../../../src/web/highlight/guess-language.ts'
import { beyondBounds, rowsOf } from './openers.ts'

const WHOLE = { kind: 'whole' } as const
/** All of them: `test/wide/grammars.test.ts`. */
const COMMON = ['javascript', 'typescript', 'xml', 'css', 'python', 'bash', 'php', 'ruby', 'markdown', 'json', 'swift']

describe('the rows of a text', () => {
  test('are at most 8 times the text and 48 KiB, and 33 spans deep, whatever a common grammar makes of it', () => {
    expect(COMMON.flatMap(beyondBounds)).toEqual([])
  })

  test('that nest in templates of JavaScript stay small, where each line used to open 3,000 spans', () => {
    const text = `${'`${'.repeat(3_000)}${'\n'.repeat(1_000)}1`
    expect(rowsOf(text, 'javascript').length).toBeLessThan(mostRowCharacters(text))
  })

  test.each([
    ['blank lines', '\n'],
    ['short lines of signs that are escaped', '&\n'],
    ['one long line', '<'],
    ['numbers', '1,2,'],
  ])('that are %s fit when the page takes them', (_name, piece) => {
    const text = piece.repeat(4_000)
    const lines = text.split('\n').length
    const html = renderPlain(text, WHOLE, null)
    if (rowsFit({ sizeBytes: text.length, lines })) expect(html.length).toBeLessThan(mostRowCharacters(text) + 300)
    else expect(lines * 20).toBeGreaterThan(text.length)
    expect(html.replace(/<[^>]*>/g, '').replace(/show all .*/, '').length).toBeGreaterThanOrEqual(
      escapeText(text).length,
    )
  })
})

describe('the guess of a language', () => {
  test('looks at each character a bounded number of times', () => {
    // Each of them took seconds: a sign that begins with white space looked at all that follows from every line.
    for (const piece of ['\n', ' \n', '\t', 'a b\n \n', ': ', '] ', ') ', 'from ', 'const a ', '</a> '])
      guessLanguage(piece.repeat(100_000))
  })
})
