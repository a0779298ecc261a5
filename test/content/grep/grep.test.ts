import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContent } from '../../../src/content/index.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { thoroughly } from '../../thorough.ts'
import { encode } from '../charset/encode.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { inChunks, logText } from '../text.ts'
import { type Asked, search } from './scan.ts'

const MIB = 1024 * 1024

/** What the real grep prints, byte by byte: in the C locale it knows no letters but those of ASCII. */
function grep(content: Buffer, { needle, ignoreCase, context }: Asked): string {
  const flags = [...(ignoreCase ? ['-i'] : []), ...(context > 0 ? [`-C${context}`] : [])]
  const env = { LC_ALL: 'C', PATH: process.env.PATH }
  const { stdout } = spawnSync('grep', ['-a', '-n', '-F', ...flags, '-e', needle], { input: content, env })
  return stdout.toString('latin1')
}

const letters = fc.constantFrom('a', 'A', 'b', 'z', 'Z', '@', '[', 'é', 'É', ' ', '\r', '\n', '\n', '\0')
const needles = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', 'z', 'Z', '@', 'é', '\r'),
  minLength: 1,
  maxLength: 4,
})

describe('searching', () => {
  test('prints what grep -n -F prints, wherever frames and slices end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: letters, minLength: 1, maxLength: 120 }).map((text) => Buffer.from(text)),
        fc
          .record({ needle: needles, ignoreCase: fc.boolean(), context: fc.integer({ min: 0, max: 4 }) })
          // That grep knows no other letters.
          .map((asked) => (asked.ignoreCase ? { ...asked, needle: asked.needle.replaceAll('é', 'b') } : asked)),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (content, asked, frameBytes, sliceBytes) => {
          const found = search(content, asked, frameBytes, sliceBytes)
          const expected = grep(content, asked)
          expect(found.text).toBe(expected)
          const numbers = [...expected.matchAll(/^(\d+):/gm)].map(([, number]) => Number(number))
          expect(found.numbers).toEqual(numbers)
        },
      ),
      { numRuns: thoroughly(250) },
    )
  })

  test('of a line longer than 16 KiB shows the first whole characters, and how much is missing', () => {
    const content = Buffer.from(`short\nx${'é'.repeat(30_000)}needle\nlast`)
    const { text } = search(content, { needle: 'needle', ignoreCase: false, context: 1 }, 20_000, 4_000)
    const shown = `x${'é'.repeat(8_191)}`
    const missing = 60_007 - Buffer.byteLength(shown)
    expect(Buffer.from(text, 'latin1').toString()).toBe(`1-short\n2:${shown} …[${missing} more bytes]\n3-last\n`)
  })

  test('finds text in a line that is longer than a frame, across any seam', () => {
    const content = Buffer.concat([Buffer.alloc(997, 'x'), Buffer.from('needle'), Buffer.alloc(5_000, 'y')])
    for (let frameBytes = 100; frameBytes < 120; frameBytes++)
      expect(search(content, { needle: 'needle', ignoreCase: false, context: 0 }, frameBytes, 37).numbers).toEqual([1])
  })
})

describe('a search of a stored content', () => {
  const store = createMemoryStore()
  const content = createContent({ store, cacheBytes: 0, inlineMaxBytes: 0 })
  const receive = (bytes: Buffer) =>
    content.receive(inChunks(bytes), { objectKey: randomKey(), limitBytes: 50 * MIB, claim: {} })
  const asking = (text: string, limit = 10_000) =>
    ({ needle: Buffer.from(text), ignoreCase: false, context: 0, limit, give: 'text' }) as const
  const clock = { now: Date.now }

  test('in another charset finds what its text holds, and prints UTF-8, wherever the frames end', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, at) => `${at} ${at % 997 === 0 ? 'Ошибка' : 'ошибка'} соединения с базой данных: ${at}`,
    )
    for (const charset of ['windows-1251', 'koi8-r', 'utf-16le', 'utf-8']) {
      const text = `${lines.join('\n')}\n`
      const bytes = charset === 'utf-8' ? Buffer.from(text) : encode(text, charset)
      const stored = await receive(bytes)
      const expected = lines.flatMap((line, at) => (line.includes('Ошибка') ? `${at + 1}:${line}\n` : [])).join('')
      expect((await content.grep(stored, asking('Ошибка'), clock)).text.toString(), charset).toBe(expected)
      const folded = { ...asking('ОШИБКА', 100_000), ignoreCase: true, give: 'numbers' } as const
      expect((await content.grep(stored, folded, clock)).matches, charset).toBe(60_000)
    }
  })

  test('in a charset whose letters have ASCII bytes inside finds no half of one', async () => {
    // The second byte of 表 is a backslash.
    const stored = await receive(encode('表を見る、日本語のテキストです\na\\b\n', 'shift_jis'))
    expect((await content.grep(stored, { ...asking('\\'), give: 'numbers' }, clock)).numbers).toEqual([2])
    expect((await content.grep(stored, asking('を見る'), clock)).text.toString()).toBe(
      '1:表を見る、日本語のテキストです\n',
    )
  })

  test('can be told another charset than the one that was found', async () => {
    const stored = await receive(encode('Привет, мир! Это обычный текст на русском языке.\n', 'koi8-r'))
    const asked = { ...asking('Привет'), charset: 'windows-1251', give: 'numbers' } as const
    expect((await content.grep(stored, asked, clock)).numbers).toEqual([])
    expect((await content.grep(stored, { ...asked, charset: 'koi8-r' }, clock)).numbers).toEqual([1])
  })

  test('gives all matches of all frames', async () => {
    const text = logText(3 * MIB + 777)
    const result = await content.grep(await receive(text), asking('worker-7 GET /raw/z'), clock)
    const expected = grep(text, { needle: 'worker-7 GET /raw/z', ignoreCase: false, context: 0 })
    expect(result.text.toString('latin1')).toBe(expected)
    expect(result.matches).toBeGreaterThan(1)
    expect(result.stopped).toBeUndefined()
  })

  test.each([logText(1.5 * MIB), logText(9_000)])(
    'finds a last line that has no end, and finds it again',
    async (text) => {
      const content = createContent({ store: createMemoryStore(), cacheBytes: MIB, inlineMaxBytes: 0 })
      const whole = Buffer.concat([text, Buffer.from('needle')])
      const stored = await content.receive(inChunks(whole), { objectKey: randomKey(), limitBytes: 50 * MIB, claim: {} })
      const wanted = { needle: Buffer.from('needle'), ignoreCase: false, context: 0, limit: 5, give: 'text' as const }
      for (let time = 0; time < 2; time++) {
        const { text: found } = await content.grep(stored, wanted, { now: () => 0 })
        expect(found.toString()).toBe(`${stored.lines}:${whole.toString().split('\n').at(-1)}\n`)
      }
    },
  )

  test('stops before the match that would be one too many, and says where', async () => {
    const stored = await receive(Buffer.from('a\nb\na\nb\na\n'))
    expect(await content.grep(stored, asking('a', 2), clock)).toMatchObject({
      matches: 2,
      searchedLines: 4,
      stopped: 'limit',
    })
    expect(await content.grep(stored, asking('a', 3), clock)).toMatchObject({ matches: 3, searchedLines: 5 })
    expect((await content.grep(stored, asking('a', 3), clock)).stopped).toBeUndefined()
  })

  test('stops when it has printed about 2 MiB', async () => {
    const stored = await receive(Buffer.from(`${'x'.repeat(15_000)}\n`.repeat(300)))
    const { stopped, text, matches, searchedLines } = await content.grep(stored, asking('x'), clock)
    expect(stopped).toBe('size')
    expect(text.length).toBeLessThan(2 * MIB + 20_000)
    expect(searchedLines).toBe(matches)
  })

  test('stops after ten seconds, with what it found so far', async () => {
    const stored = await receive(logText(3 * MIB))
    let at = 0
    const slow = { now: () => (at += 1_000) }
    const { stopped, searchedLines } = await content.grep(stored, asking('no such text'), slow)
    expect(stopped).toBe('time')
    expect(searchedLines).toBeLessThan(stored.lines)
  })

  test('ends when its caller has gone', async () => {
    const stored = await receive(logText(3 * MIB))
    const gone = new AbortController()
    const search = content.grep(stored, asking('worker'), { ...clock, signal: gone.signal })
    gone.abort(new Error('gone'))
    await expect(search).rejects.toThrow('gone')
  })

  test('holds the loop for no longer than a frame of a million empty lines allows', async () => {
    const stored = await receive(Buffer.alloc(4 * MIB, '\n'))
    let longest = 0
    // Time of this thread on a processor: that others had it is not held by the search.
    let last = process.threadCpuUsage()
    const beat = setInterval(() => {
      const { user, system } = process.threadCpuUsage(last)
      longest = Math.max(longest, (user + system) / 1_000)
      last = process.threadCpuUsage()
    }, 1)
    const result = await content.grep(stored, { ...asking('x'), context: 50 }, clock)
    clearInterval(beat)
    expect(result).toMatchObject({ matches: 0, searchedLines: 4 * MIB })
    // The goal is 20 ms on a calm machine; tests share theirs.
    expect(longest).toBeLessThan(200)
  })
})
