import { isUtf8 } from 'node:buffer'
import { array, assert, constantFrom, integer, property, stringMatching, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countNewlines } from '../../../src/content/format/lines.ts'
import { createUtf8Check } from '../../../src/content/format/utf8.ts'
import { createInspector } from '../../../src/content/receive/inspector.ts'

const newlineRich = uint8Array({ maxLength: 3000 }).map((bytes) =>
  Buffer.from(bytes.map((byte) => (byte < 90 ? 10 : byte))),
)

describe('counting newlines', () => {
  test('agrees with the naive count for any bytes at any alignment', () => {
    assert(
      property(newlineRich, integer({ min: 0, max: 7 }), (bytes, skip) => {
        const part = bytes.subarray(skip)
        expect(countNewlines(part)).toBe(part.filter((byte) => byte === 10).length)
      }),
    )
  })

  test('is not misled by bytes that differ in the top bit only', () => {
    expect(countNewlines(Buffer.from([0x8a, 0x0a, 0x8a, 0x0b, 0x09, 0x0a, 0x8a, 0x00]))).toBe(2)
  })

  test('counts more newlines than a lane holds', () => {
    expect(countNewlines(Buffer.alloc(1_048_576, '\n'))).toBe(1_048_576)
  })
})

describe('checking UTF-8', () => {
  const pieces = array(
    constantFrom(
      ...['a', 'é', '€', '😀', '\xff', '\xc3', '\xe2\x82', '\xf0\x9f\x98', '\xed\xa0\x80', '\x80', '\xc0\xaf'],
    ),
    { maxLength: 30 },
  ).map((parts) =>
    Buffer.concat(parts.map((part) => Buffer.from(part, part > '\xff' || part === 'é' ? 'utf8' : 'latin1'))),
  )

  test('gives the answer of the whole, wherever the bytes are cut', () => {
    assert(
      property(pieces, array(integer({ min: 0, max: 120 })), (bytes, cuts) => {
        const check = createUtf8Check()
        const borders = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
        borders.slice(1).forEach((end, index) => {
          check.push(bytes.subarray(borders[index], end))
        })
        expect(check.valid()).toBe(isUtf8(bytes))
      }),
    )
  })
})

describe('looking at a content', () => {
  test('counts lines as an editor does', () => {
    assert(
      property(stringMatching(/^[a\n]{1,40}$/), (text) => {
        const inspector = createInspector()
        for (const character of text) inspector.push(Buffer.from(character))
        const shown = text.endsWith('\n') ? text.slice(0, -1) : text
        expect(inspector.finish({}).lines).toBe(shown.split('\n').length)
      }),
    )
  })

  test('tells size, digest, encoding and type', () => {
    const inspector = createInspector()
    inspector.push(Buffer.from('hello '))
    inspector.push(Buffer.from('wörld'))
    expect(inspector.finish({})).toEqual({
      sizeBytes: 12,
      sha256: '821cd58a9fb899141dd98c29b6cabb6ccdded70ad0197b8cc7657b76f70e64ff',
      lines: 1,
      utf8: true,
      mediaType: 'text/plain; charset=utf-8',
    })
  })

  test('knows a type by its first bytes, however few come at a time', () => {
    const inspector = createInspector()
    for (const byte of Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')) inspector.push(Buffer.from([byte]))
    expect(inspector.finish({ fileName: 'a.png' }).mediaType).toBe('image/png')
  })
})
