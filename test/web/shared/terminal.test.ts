import { assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostRowCharacters, renderTerminal } from '../../../src/web/code/render-text.ts'
import { cleanTerminalText, isTerminalOutput, readTerminalLine } from '../../../src/web/shared/terminal.js'
import { classesOf, PLAIN, selectRendition } from '../../../src/web/shared/terminal-style.js'
import { thoroughly } from '../../thorough.ts'

const ESC = '\x1b'
const shown = (line: string) =>
  readTerminalLine(line).runs.map(({ text, style }) => [text, classesOf(style)].filter((part) => part !== '').join('|'))
const page = (text: string) => renderTerminal(text, { kind: 'whole' }, 'terminal') ?? ''

const hostile = string({
  unit: constantFrom(
    ...[
      'a',
      '<',
      '&',
      '"',
      "'",
      ' ',
      '\r',
      '\b',
      '\t',
      '\x07',
      'é',
      '😀',
      ESC,
      `${ESC}[31m`,
      `${ESC}[1;4m`,
      `${ESC}[0m`,
    ],
    ...[`${ESC}[38;5;208m`, `${ESC}[48;2;1;2;3m`, `${ESC}[7m`, `${ESC}[999C`, `${ESC}[3D`, `${ESC}[K`, `${ESC}[2K`],
    ...[
      `${ESC}[`,
      `${ESC}]8;;`,
      `${ESC}]8;;https://e.example/"><script>${ESC}\\`,
      `${ESC}]8;;javascript:1\x07`,
      '\\',
      ';',
      '3',
      'm',
      ']',
    ],
  ),
  maxLength: 60,
})

describe('a line of a terminal', () => {
  test.each([
    [
      'the eight colours and the bright ones',
      `${ESC}[31mred${ESC}[92mgreen${ESC}[mplain`,
      ['red|tty-ink-1', 'green|tty-ink-10', 'plain'],
    ],
    [
      '256 colours',
      `${ESC}[38;5;196mred${ESC}[38;5;21mblue${ESC}[38;5;244mgrey`,
      ['red|tty-ink-9', 'blue|tty-ink-12', 'grey|tty-ink-8'],
    ],
    ['16 million colours', `${ESC}[38;2;255;170;0morange`, ['orange|tty-ink-11']],
    ['a ground, whose ink is the page’s', `${ESC}[37;41mFAIL${ESC}[49m!`, ['FAIL|tty-on-1', '!|tty-ink-7']],
    ['inverse', `${ESC}[7mkey${ESC}[27m ${ESC}[32;7mok`, ['key|tty-on-text', ' ', 'ok|tty-on-2']],
    ['bold, italic, underlined, struck', `${ESC}[1;3;4;9mx`, ['x|tty-bold tty-italic tty-underline tty-strike']],
    ['dim', `${ESC}[2mx${ESC}[22my`, ['x|tty-dim', 'y']],
    ['nothing of other escapes', `a${ESC}[?25lb${ESC}]0;title\x07c${ESC}(Bd${ESC}[10;20He\x07`, ['abcde']],
    ['what overwrites the line', `10 %\r 50 %\r100 %`, ['100 %']],
    ['a longer line below a shorter one', 'abcdef\rXY', ['XYcdef']],
    ['an erased line', `building${ESC}[2K\rdone`, ['done']],
    ['what is erased to the right', `abcdef\rXY${ESC}[K`, ['XY']],
    ['moves to the left and right', `ab${ESC}[1DX${ESC}[3CY\bZ`, ['aX   Z']],
  ])('shows %s', (_, line, expected) => {
    expect(shown(line)).toEqual(expected)
  })

  test('counts how often it was begun anew', () => {
    expect(readTerminalLine(Array.from({ length: 103 }, (_, at) => `${at} %`).join('\r')).updates).toBe(102)
  })

  test('hands its style to the next', () => {
    const { style } = readTerminalLine(`${ESC}[31mred`)
    expect(readTerminalLine('still', style).runs[0]?.style.ink).toBe(1)
  })

  test.each([
    ['https://e.example/a?b=1', 'https://e.example/a?b=1'],
    ['http://e.example', 'http://e.example/'],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['https://', null],
  ])('links to %s as %s', (address, link) => {
    const { runs } = readTerminalLine(`${ESC}]8;id=1;${address}${ESC}\\here${ESC}]8;;${ESC}\\ there`)
    expect(runs.map(({ text, style }) => [text, style.link]).at(0)?.[1]).toBe(link)
    expect(runs.at(-1)?.style.link).toBeNull()
  })

  test('keeps all characters of a line without controls', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        const line = text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, '')
        expect(
          readTerminalLine(line)
            .runs.map((run) => run.text)
            .join(''),
        ).toBe(line)
      }),
    )
  })

  test('gives at most its own characters and 512 blanks, and none of its controls', () => {
    assert(
      property(hostile, (line) => {
        const text = readTerminalLine(line)
          .runs.map((run) => run.text)
          .join('')
        expect(text.length).toBeLessThanOrEqual(line.length + 512)
        expect(text).not.toMatch(/[\x00-\x08\x0a-\x1f]/)
      }),
      { numRuns: thoroughly(500) },
    )
  })

  test('takes a style of many parameters as far as a real one goes', () => {
    expect(selectRendition(PLAIN, '31;'.repeat(100_000)).ink).toBe(1)
  })
})

describe('the page of terminal output', () => {
  test('holds no markup but its own, and no more than the bound of its rows', () => {
    assert(
      property(hostile, (text) => {
        const made = page(text)
        expect(made.length).toBeLessThanOrEqual(mostRowCharacters(text) + 1_000)
        const inside = made.replace(/^<pre [^>]*><code>|<\/code><\/pre>$/g, '')
        const tags = inside.match(/<[^>]*>?/g) ?? []
        for (const tag of tags)
          expect(tag).toMatch(
            /^<(?:\/(?:span|a)|span class="[\w -]+"(?: id="L\d+"| data-updates="[\w ,]+")?|a class="tty-link" href="https?:\/\/[^"<>]*" rel="[\w ]+" data-to="[\w.]+")>$/,
          )
      }),
      { numRuns: thoroughly(500) },
    )
  })

  test('has a row for each line, the style going on, and says where a link goes', () => {
    expect(page(`${ESC}[31mone\ntwo${ESC}[0m\n${ESC}]8;;https://ci.example/7\x07job\n`)).toContain(
      '<span class="line" id="L1"><span class="tty-ink-1">one</span>\n</span>' +
        '<span class="line" id="L2"><span class="tty-ink-1">two</span>\n</span>' +
        '<span class="line" id="L3"><a class="tty-link" href="https://ci.example/7" rel="nofollow noopener noreferrer" data-to="ci.example">job</a>\n</span>',
    )
  })

  test('is none where a link that goes on would multiply beyond the bound', () => {
    expect(
      renderTerminal(
        `${ESC}]8;;https://e.example/${'x'.repeat(1_900)}\x07${'a\n'.repeat(30_000)}`,
        { kind: 'whole' },
        'terminal',
      ),
    ).toBeNull()
  })
})

describe('terminal output', () => {
  test.each([
    [`${ESC}[32mok${ESC}[0m\n`, true],
    ['10 %\r20 %\r30 %\ndone\n', true],
    ['Windows\r\nlines\r\n', false],
    ['old\rMac\rlines\r', false],
    ['plain\n', false],
  ])('%j is known as such: %s', (text, expected) => {
    expect(isTerminalOutput(text)).toBe(expected)
  })

  test('is copied as it is shown', () => {
    expect(cleanTerminalText(`${ESC}[1mok${ESC}[0m\r\n1 %\r2 %\nend`)).toBe('ok\r\n2 %\nend')
  })
})
