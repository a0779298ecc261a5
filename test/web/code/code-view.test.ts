import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderCode } from '../../../src/web/code/code-view.ts'
import { escapeText, splitLines } from '../../../src/web/code/split-lines.ts'

const textOf = (html: string) =>
  html
    .replace(/<a class="show-all".*?<\/a>/g, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')

describe('the numbered lines', () => {
  test('are the text, its last line end included or not', () => {
    const texts = array(constantFrom('a', '<b', ' & ', '\n', '\n\n', 'x'.repeat(3_000)), { minLength: 1 })
    assert(
      property(texts, (parts) => {
        const text = parts.join('')
        const html = renderCode(splitLines(escapeText(text)), null, text.endsWith('\n'))
        expect(textOf(html)).toBe(text)
      }),
    )
  })
})
