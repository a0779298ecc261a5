import { afterAll, describe, expect, test } from 'vitest'
import { createHighlighter } from '../../../src/web/highlight/highlighter.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const highlighter = createHighlighter(quiet, 15_000)
afterAll(() => highlighter.close())

describe('the highlighter', () => {
  test('a known language is highlighted', async () => {
    const { html, language } = await highlighter.highlight('const a = "<b>"', 'javascript')
    expect(language).toBe('javascript')
    expect(html).toContain('<span class="hljs-keyword">const</span>')
    expect(html).toContain('&lt;b&gt;')
  })
  test('a language is guessed where none is said', async () => {
    const text = '2026-11-22T10:00:00.123Z INFO  [worker-3] started\n2026-11-22T10:00:01.456Z ERROR [worker-1] lost\n'
    const { html, language } = await highlighter.highlight(text, undefined)
    expect(language).toBe('log')
    expect(html).toContain('<span class="hljs-deletion">ERROR</span>')
  })
  test('prose is not taken for a language', async () => {
    const text =
      'Dear all,\n\nthe meeting is moved to Thursday. Please bring your notes, and tell me if you can not come.\n'
    expect(await highlighter.highlight(text, undefined)).toEqual({ html: null, language: null })
  })
  test('an unknown language leaves the text plain', async () => {
    expect((await highlighter.highlight('a', 'no-such-language')).html).toBeNull()
    expect((await highlighter.highlight('a', '../../core')).html).toBeNull()
  })
  test('a text that takes too long is given up, and the next one is served', async () => {
    const hasty = createHighlighter(quiet, 1)
    expect((await hasty.highlight('const a = 1\n'.repeat(20_000), 'typescript')).html).toBeNull()
    await hasty.close()
    expect((await highlighter.highlight('a = 1', 'python')).html).not.toBeNull()
  })
})
