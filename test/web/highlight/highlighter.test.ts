import { afterAll, describe, expect, test } from 'vitest'
import type { Shape } from '../../../src/web/code/index.ts'
import { createHighlighter } from '../../../src/web/highlight/highlighter.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const shape: Shape = { kind: 'whole' }
const highlighter = createHighlighter(quiet, 60_000)
afterAll(() => highlighter.close())
const render = (text: string, language?: string, client = 'me') => highlighter.render({ text, language, shape, client })

describe('the highlighter', () => {
  test('a known language is shown in colours', async () => {
    const { html, language, givenUp } = await render('const a = "<b>"', 'javascript')
    expect([language, givenUp]).toEqual(['javascript', false])
    expect(html).toContain('<span class="line" id="L1"><span class="hljs-keyword">const</span>')
    expect(html).toContain('&lt;b&gt;')
  })

  test('a language is guessed where none is said', async () => {
    const text = '2026-11-22T10:00:00.123Z INFO  [worker-3] started\n2026-11-22T10:00:01.456Z ERROR [worker-1] lost\n'
    const { html, language } = await render(text)
    expect(language).toBe('log')
    expect(html).toContain('<span class="hljs-deletion">ERROR</span>')
  })

  test('prose is not taken for a language, and lacks no colours', async () => {
    const text = 'Dear all,\n\nthe meeting is moved to Thursday. Please bring your notes.\n'
    expect(await render(text)).toMatchObject({ language: null, givenUp: false })
  })

  test('an unknown language leaves the text plain', async () => {
    for (const language of ['no-such-language', '../../core'])
      expect((await render('a', language)).html).not.toContain('hljs')
  })

  test.each([
    ['small', 2_000],
    ['large', 20_000],
  ])('a %s text that takes too long is shown plain, says so, and keeps its label', async (_size, lines) => {
    const hasty = createHighlighter(quiet, 1)
    // The first one meets a thread that is still starting: its rows can't have come from there.
    const text = 'const a: number = 1\nexport interface A { a: string }\n'.repeat(lines / 2)
    const rendered = await hasty.render({ text, language: undefined, shape, client: 'me' }).catch((error) => error)
    if (text.length > 64 * 1024) expect(rendered).toMatchObject({ code: 'overloaded' })
    else expect(rendered).toMatchObject({ language: 'typescript', givenUp: true })
    await hasty.close()
    expect((await render('a = 1', 'python')).html).toContain('hljs')
  })

  test('one client that asks for much does not keep another from its colours', async () => {
    const answers: string[] = []
    const ask = async (client: string, index: number) => {
      const { givenUp } = await render(`const a = ${index}\n`.repeat(100), 'javascript', client)
      answers.push(`${client} ${givenUp ? 'plain' : 'colours'}`)
    }
    await Promise.all([...Array.from({ length: 40 }, (_, index) => ask('many', index)), ask('one', 0)])
    expect(answers).toContain('one colours')
    expect(answers.lastIndexOf('many colours')).toBeGreaterThan(answers.indexOf('one colours'))
  })
})
