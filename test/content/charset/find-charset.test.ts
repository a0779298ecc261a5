import { array, assert, integer, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { charsetOf } from '../../../src/content/charset/charsets.ts'
import { createInspector } from '../../../src/content/receive/inspector.ts'
import { pack } from '../../../src/content/receive/pack.ts'
import { encode } from './encode.ts'

const inspect = (content: Buffer, cuts: number[] = []) => {
  const inspector = createInspector()
  const borders = [0, ...cuts.filter((cut) => cut < content.length).sort((a, b) => a - b), content.length]
  for (const [index, end] of borders.slice(1).entries()) inspector.push(content.subarray(borders[index], end))
  return inspector.finish({})
}
const found = (content: Buffer) => charsetOf(inspect(content))

const TEXTS: [string, string][] = [
  ['windows-1251', '2026-01-01 ERROR Ошибка соединения с базой данных\n'],
  ['windows-1251', 'Привет, мир! Это обычный текст на русском языке, который читают люди.'],
  ['koi8-r', 'Привет, мир! Это обычный текст на русском языке, который читают люди.'],
  ['windows-1252', 'caf\u00e9'],
  ['windows-1252', 'Gr\u00f6\u00dfe: 3 \u20ac, \u201ezu gro\u00df\u201c\r\n'],
  ['windows-1252', 'Le gar\u00e7on a \u00e9t\u00e9 \u00e9lev\u00e9 \u00e0 la fa\u00e7on \u201cmoderne\u201d.'],
  ['shift_jis', 'エラー：ファイルが見つかりません\n'],
  ['gb18030', '你好，世界。这是一个中文文本。'],
  ['big5', '錯誤：找不到檔案，請稍後再試。'],
  ['euc-kr', '오류: 파일을 찾을 수 없습니다'],
  ['utf-16le', '\ufeffPS C:\\> Get-Process\r\n'],
  ['utf-16be', '\ufeffПривет, мир\n'],
  ['utf-16le', 'no mark, plain English\r\n'],
  ['utf-16be', 'no mark, plain English\r\n'],
  ['utf-16le', 'без метки: Ошибка 12 и так далее, строка за строкой\n'],
]

describe('the charset of a text', () => {
  test.each(TEXTS)('%s is found: %s', (charset, text) => {
    expect(found(encode(text, charset))).toBe(charset)
  })

  test.each(TEXTS)('%s is found in a log of 200 KiB that is ASCII else: %s', (charset, text) => {
    const around = 'GET /index.html 200 12ms\n'.repeat(4_000)
    expect(found(encode(`${around}${text.repeat(8)}\n${around}`, charset))).toBe(charset)
  })

  test.each([
    ['a log cut before a character', Buffer.from('é: naïve\n').subarray(1)],
    ['a log cut within its last character', Buffer.from('Grüße, Grüße, €').subarray(0, -1)],
    ['one stray byte', Buffer.from(`${'12:00:00 200 OK\n'.repeat(9)}12:00:01 \xff\xfe 500\n`, 'latin1')],
    ['one stray byte among umlauts', Buffer.concat([Buffer.from('Grüße '.repeat(50)), Buffer.from([0xe9])])],
    ['a byte of another charset after a mebibyte', Buffer.from(`${'é'.repeat(500_000)}\xe9`, 'latin1')],
  ])('is UTF-8 with some damage: %s', (what, content) => {
    const text = what.includes('mebibyte')
      ? Buffer.concat([Buffer.from('é'.repeat(500_000)), Buffer.from([0xe9])])
      : content
    expect(inspect(text)).toMatchObject({ utf8: false, mediaType: 'text/plain; charset=utf-8' })
  })

  test.each([
    ['random bytes', Buffer.from('b93df1a40097c2ff01e6d8a17742bb03fe1c', 'hex')],
    ['an ELF head', Buffer.from('7f454c46020101000000000000000000b8003e00ff81', 'hex')],
    [
      'a script with an archive behind it',
      Buffer.concat([
        Buffer.from('#!/bin/sh\nexit\n'.repeat(300)),
        Buffer.from('1f8b0800c2ff010203ff0004e60005d80006a10007', 'hex'),
      ]),
    ],
    ['a single byte', Buffer.from([0xff])],
    ['16-bit samples', Buffer.from(Int16Array.from({ length: 400 }, (_, at) => 9_000 * Math.sin(at / 7)).buffer)],
  ])('is not found in what is no text: %s', (_, content) => {
    expect(found(content)).toBeUndefined()
  })

  test('does not depend on how the bytes are cut', () => {
    const content = encode(
      `${'0123456789 plain\n'.repeat(400)}Le garçon a été élevé à la façon “moderne”.\n`,
      'windows-1252',
    )
    assert(
      property(array(integer({ min: 0, max: content.length })), (cuts) => {
        expect(inspect(content, cuts).mediaType).toBe('text/plain; charset=windows-1252')
      }),
    )
  })

  test('is the same for a small content in one piece and for a stream', () => {
    assert(
      property(uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
        const content = Buffer.from(bytes)
        const { utf8, mediaType, lines } = inspect(content)
        expect(pack(content, {}, 1_000)).toMatchObject({ utf8, mediaType, lines })
      }),
    )
  })
})

describe('lines of UTF-16', () => {
  // Each of these has the byte 0x0A and is no line end.
  const text = '上\u0a05\u010a\u0a0a, words enough\n'.repeat(700)

  test.each(['utf-16le', 'utf-16be'])(
    'of %s are counted by whole characters, wherever the bytes are cut',
    (charset) => {
      const content = encode(`\ufeff${text}no end`, charset)
      assert(
        property(array(integer({ min: 0, max: content.length }), { maxLength: 50 }), (cuts) => {
          expect(inspect(content, cuts).lines).toBe(701)
        }),
      )
    },
  )
})
