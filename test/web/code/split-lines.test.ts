import { array, assert, constantFrom, integer, property, string } from 'fast-check'
import hljs from 'highlight.js'
import { describe, expect, test } from 'vitest'
import { escapeText, splitLines } from '../../../src/web/code/split-lines.ts'

const cutAt = (html: string, cut: number) => splitLines(html, Number.POSITIVE_INFINITY, cut) ?? []
const textOf = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
const balanced = (html: string) => {
  let depth = 0
  for (const [tag] of html.matchAll(/<\/?span[^>]*>/g)) {
    depth += tag.startsWith('</') ? -1 : 1
    if (depth < 0) return false
  }
  return depth === 0
}
// Words that open and close comments, strings and tags across line ends.
const source = array(
  constantFrom(
    '/* ',
    ' */',
    '"',
    "'",
    '`',
    '${',
    '}',
    '<b>',
    '</b>',
    '&amp;',
    '\n',
    '\r\n',
    '\r',
    'x = 1',
    '😀',
    '//',
    ' ',
  ),
  { maxLength: 60 },
).map((parts) => parts.join(''))

describe('highlighted lines', () => {
  test('the text of all lines is the text that was highlighted', () => {
    assert(
      property(
        source,
        constantFrom('typescript', 'xml', 'python'),
        integer({ min: 1, max: 30 }),
        (text, language, cut) => {
          const lines = cutAt(hljs.highlight(text, { language }).value, cut)
          const joined = lines.map(({ html, rest }) => textOf(html + rest)).join('\n')
          expect(joined).toBe(text.replaceAll('\r\n', '\n').replace(/\n$/, ''))
        },
      ),
    )
  })
  test('each piece of each line is well-formed by itself', () => {
    assert(
      property(source, integer({ min: 1, max: 30 }), (text, cut) => {
        for (const { html, rest } of cutAt(hljs.highlight(text, { language: 'typescript' }).value, cut)) {
          expect(balanced(html)).toBe(true)
          expect(balanced(rest)).toBe(true)
        }
      }),
    )
  })
  test('a plain text has as many lines as an editor counts', () => {
    assert(
      property(string(), (text) => {
        const plain = text.replaceAll('\r', '')
        const expected = plain.split('\n').length - (plain.endsWith('\n') ? 1 : 0)
        expect(splitLines(escapeText(plain))).toHaveLength(Math.max(1, expected))
      }),
    )
  })
  test('a line past the limit is cut at it, and a character is never cut in two', () => {
    expect(cutAt('abcdef', 4)).toEqual([{ html: 'abcd', rest: 'ef', characters: 6 }])
    expect(cutAt('abc😀ef', 4)[0]).toMatchObject({ html: 'abc', rest: '😀ef' })
    expect(cutAt('ab&amp;cd', 2)[0]).toMatchObject({ html: 'ab', rest: '&amp;cd' })
  })
  test('a span that a cut or a line end splits is closed and opened again', () => {
    const html = '<span class="a">one\ntwo three</span>'
    expect(cutAt(html, 3)).toEqual([
      { html: '<span class="a">one</span>', rest: '', characters: 3 },
      { html: '<span class="a">two</span>', rest: '<span class="a"> three</span>', characters: 9 },
    ])
  })
})
