import { assert, asyncProperty, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContent } from '../../../src/content/index.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { inChunks, joined, logText } from '../text.ts'

const MIB = 1024 * 1024
// Lines over a frame border, empty lines by the thousand, one line longer than a frame, no newline at the end.
const TEXTS = {
  log: logText(2 * MIB + 50_000),
  'empty lines': Buffer.concat([Buffer.alloc(MIB + 9, '\n'), logText(5000), Buffer.alloc(30_000, '\n')]),
  'a long line': Buffer.concat([logText(1000), Buffer.alloc(2 * MIB, 'x'), Buffer.from('\nend')]),
  'one line': Buffer.from('alone'),
}

describe.each(Object.entries(TEXTS))('finding lines in %s', (_, text) => {
  const lines = text.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? []
  const content = createContent({ store: createMemoryStore(), cacheBytes: 16 * MIB, inlineMaxBytes: 0 })
  const receive = () => content.receive(inChunks(text), { objectKey: randomKey(), limitBytes: 50 * MIB, claim: {} })

  test('gives exactly the lines that were asked for', async () => {
    const stored = await receive()
    expect(stored.lines).toBe(lines.length)
    const line = integer({ min: 1, max: lines.length })
    await assert(
      asyncProperty(line, integer({ min: 0, max: 300 }), async (first, more) => {
        const range = await content.findLines(stored, first, first + more)
        expect(range?.last).toBe(Math.min(first + more, lines.length))
        const found = await joined(content.read(stored, range?.start ?? 0, range?.end ?? 0))
        expect(found.toString('latin1')).toBe(lines.slice(first - 1, range?.last).join(''))
      }),
      { numRuns: 60 },
    )
  })

  test('gives the same at once when their frame is in memory', async () => {
    const stored = await receive()
    expect(content.peekLines(stored, 1, 1)).toBeUndefined()
    // What is read again is kept.
    for (let time = 0; time < 2; time++) await joined(content.read(stored, 0, text.length))
    let inOneFrame = 0
    const line = integer({ min: 1, max: lines.length })
    assert(
      property(line, integer({ min: 0, max: 300 }), (first, more) => {
        const found = content.peekLines(stored, first, first + more)
        const wanted = lines.slice(first - 1, first + more).join('')
        if (found) expect(found.toString('latin1')).toBe(wanted)
        else expect(content.frames(stored).length).toBeGreaterThan(1)
        if (found) inOneFrame++
      }),
      { numRuns: 100 },
    )
    expect(inOneFrame).toBeGreaterThan(0)
    expect(content.peekLines(stored, lines.length + 1, Number.POSITIVE_INFINITY)).toBeUndefined()
    expect(content.peekLines(stored, 2, 1)).toBeUndefined()
  })

  test('gives everything up to the end, and nothing beyond it', async () => {
    const stored = await receive()
    const whole = { start: 0, end: text.length, first: 1, last: lines.length }
    expect(await content.findLines(stored, 1, Number.POSITIVE_INFINITY)).toEqual(whole)
    expect(await content.findLines(stored, lines.length + 1, Number.POSITIVE_INFINITY)).toBeUndefined()
    expect(await content.findLines(stored, 2, 1)).toBeUndefined()
  })
})
