import { array, assert, constantFrom, integer, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'

type Line = { text: string; bytes: number; cut: boolean; ended: boolean }
type Parser = { push(chunk: Uint8Array): void; end(): void; stop(): void; lineBytes(): number }
type Place = { line: number; offset: number }
type Track = {
  exact(): boolean
  positionOf(place: Place): number
  placeAt(position: number): Place
  farthest(viewport: number): number
  farthestNative(viewport: number): number
  toNative(position: number, viewport: number): number
  toPosition(native: number, viewport: number): number
}

// The browser's modules carry their types in comments, which the compiler reads for nobody.
const load = (name: string) => import(new URL(`../../../src/web/browser/viewer/${name}`, import.meta.url).href)
const { createLineParser } = (await load('line-parser.js')) as {
  createLineParser(emit: (line: Line) => void): Parser
}
const { createScrollbar } = (await load('scrollbar.js')) as { createScrollbar(count: number): Track }
const { windowLines } = (await load('line-store.js')) as { windowLines(sizeBytes: number, count: number): number }
const { offsetsIn, indexAfter } = (await load('search.js')) as {
  offsetsIn(line: string, text: string, matchCase: boolean): number[]
  indexAfter(lines: number[], line: number): number
}

function parse(bytes: Uint8Array, cuts: readonly number[]): Line[] {
  const lines: Line[] = []
  const parser = createLineParser((line) => lines.push(line))
  let from = 0
  for (const cut of [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)) {
    parser.push(bytes.subarray(from, cut))
    from = cut
  }
  parser.end()
  return lines
}

describe('the lines of a stream', () => {
  const cuts = array(integer({ min: 0, max: 100_000 }), { maxLength: 8 })

  test('are the same however the stream is cut', () => {
    const pieces = array(constantFrom('a', 'é', '€', '😀', '\n', '\r\n', '\r', 'x'.repeat(700), '\uFEFF'))
    assert(
      property(pieces, cuts, (parts, at) => {
        const text = parts.join('')
        const wanted = text.split('\n')
        if (wanted.at(-1) === '') wanted.pop()
        const lines = parse(Buffer.from(text), at)
        const shown = wanted.map((line, index) =>
          index < wanted.length - 1 || text.endsWith('\n') ? line.replace(/\r$/, '') : line,
        )
        expect(lines.map(({ text: line, cut }) => (cut ? null : line))).toEqual(
          shown.map((line) => (line.length > 2_000 ? null : line)),
        )
        for (const [index, line] of lines.entries()) expect((shown[index] as string).startsWith(line.text)).toBe(true)
      }),
    )
  })
  test('weigh as many bytes as the stream, whatever these are', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), cuts, (bytes, at) => {
        const lines = parse(bytes, at)
        expect(lines.reduce((sum, line) => sum + line.bytes, 0)).toBe(bytes.length)
      }),
    )
  })
  test('of which one is too long to be read to its end are given by their beginnings', () => {
    const lines: Line[] = []
    const parser = createLineParser((line) => lines.push(line))
    parser.push(Buffer.from(`short\n${'😀'.repeat(50_000)}`))
    expect(parser.lineBytes()).toBe(200_000)
    parser.stop()
    expect(lines).toMatchObject([{ text: 'short' }, { text: '😀'.repeat(1_000), cut: true, bytes: Number.NaN }])
  })
})

describe('the track of the scrollbar', () => {
  const counts = integer({ min: 1, max: 52_428_800 })
  const viewports = integer({ min: 100, max: 4_000 })

  test('leads from every position to a line and back', () => {
    assert(
      property(counts, integer({ min: 0, max: 1_000_000 }), (count, share) => {
        const track = createScrollbar(count)
        const position = Math.floor((share / 1_000_000) * track.farthest(800))
        const place = track.placeAt(position)
        expect(place.line).toBeGreaterThanOrEqual(1)
        expect(place.line).toBeLessThanOrEqual(count)
        expect(track.positionOf(place)).toBe(position)
      }),
    )
  })
  test('reaches both ends, and never runs backwards', () => {
    assert(
      property(counts, viewports, integer({ min: 0, max: 1_000 }), (count, viewport, step) => {
        const track = createScrollbar(count)
        const end = track.farthestNative(viewport)
        expect(track.toPosition(0, viewport)).toBe(0)
        expect(track.toPosition(end, viewport)).toBe(track.farthest(viewport))
        const native = Math.floor((end * step) / 1_000)
        const position = track.toPosition(native, viewport)
        expect(track.toPosition(Math.min(end, native + 7), viewport)).toBeGreaterThanOrEqual(position)
        expect(Math.abs(track.toNative(position, viewport) - native)).toBeLessThanOrEqual(1)
      }),
    )
  })
  test('is exact as long as browsers can place that many pixels', () => {
    expect(createScrollbar(399_000).exact()).toBe(true)
    expect(createScrollbar(401_000).exact()).toBe(false)
  })
})

describe('windows and hits', () => {
  test('a window holds some 64 KiB: fewer lines the longer they are', () => {
    expect([2, 115, 2_000, 52_428_800].map((average) => windowLines(average * 1_000, 1_000))).toEqual([
      1_024, 512, 32, 16,
    ])
  })
  test('hits are found as the server finds them, in either case', () => {
    expect(offsetsIn('Ab aB ÄB äb', 'ab', false)).toEqual([0, 3])
    expect(offsetsIn('Ab aB', 'ab', true)).toEqual([])
    expect(offsetsIn('äÄ', 'ä', false)).toEqual([0, 1])
    expect(offsetsIn('aaaa', 'aa', true)).toEqual([0, 2])
  })
  test('the hit after a line is the first with a greater number', () => {
    const sorted = array(integer({ min: 1, max: 50 })).map((lines) => [...new Set(lines)].toSorted((a, b) => a - b))
    assert(
      property(sorted, integer({ min: 0, max: 60 }), (lines, line) => {
        const index = lines.findIndex((hit) => hit > line)
        expect(indexAfter(lines, line)).toBe(index < 0 ? lines.length : index)
      }),
    )
  })
})
