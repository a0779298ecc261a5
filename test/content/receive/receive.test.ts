import { createHash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Content, createContent, type ReceiveOptions } from '../../../src/content/index.ts'
import { AppError } from '../../../src/core/index.ts'
import { randomKey } from '../../contracts/object-store.ts'
import { createMemoryStore } from '../stores/memory-store.ts'
import { inChunks, joined, logText, noise } from '../text.ts'

const MIB = 1024 * 1024

let store: ReturnType<typeof createMemoryStore>
let content: Content
let options: ReceiveOptions
beforeEach(() => {
  store = createMemoryStore()
  content = createContent({ store, cacheBytes: 4 * MIB, inlineMaxBytes: 16_384 })
  options = { objectKey: randomKey(), limitBytes: 50 * MIB, claim: {} }
})

describe('receiving a body', () => {
  test.each([1, 7, 1000, 65_536, 3 * MIB])('in chunks of %d bytes gives the same result', async (chunkBytes) => {
    const text = logText(chunkBytes < 100 ? 20_000 : 2 * MIB + 4321)
    const stored = await content.receive(inChunks(text, chunkBytes), options)
    expect(stored).toMatchObject({
      encoding: 'zstd',
      sizeBytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
      lines: text.toString().split('\n').length,
      utf8: true,
      mediaType: 'text/plain; charset=utf-8',
    })
    expect((await joined(content.read(stored, 0, text.length))).equals(text)).toBe(true)
  })

  test('keeps a small one in the row and makes no object', async () => {
    const stored = await content.receive(inChunks(Buffer.from('hello\n')), options)
    expect(stored).toMatchObject({ encoding: 'identity', body: Buffer.from('hello\n'), objectKey: null, lines: 1 })
    expect(store.objects.size).toBe(0)
  })

  test('keeps a large one in the row when it shrinks to fit', async () => {
    const text = Buffer.alloc(5 * MIB, 'all the same\n')
    const stored = await content.receive(inChunks(text), options)
    expect(stored).toMatchObject({ encoding: 'zstd', objectKey: null, sizeBytes: 5 * MIB })
    expect(store.objects.size).toBe(0)
    expect((await joined(content.read(stored, 3 * MIB - 5, 3 * MIB + 5))).toString()).toBe(
      text.toString('latin1', 3 * MIB - 5, 3 * MIB + 5),
    )
  })

  test('keeps what does not shrink as it is', async () => {
    const bytes = noise(2 * MIB + 1)
    const stored = await content.receive(inChunks(bytes), options)
    expect(stored).toMatchObject({ encoding: 'identity', storedBytes: bytes.length, utf8: false, body: null })
    expect(store.objects.get(options.objectKey)?.equals(bytes)).toBe(true)
  })

  test('sees the lines of every frame', async () => {
    const text = logText(3 * MIB)
    const stored = await content.receive(inChunks(text), options)
    for (const frame of content.frames(stored)) {
      const before = text.toString('latin1', 0, frame.contentOffset)
      expect(frame.firstLine).toBe(before.split('\n').length)
    }
  })

  test('takes exactly the limit, and refuses one byte more', async () => {
    const limited = { ...options, limitBytes: MIB }
    expect(await content.receive(inChunks(noise(MIB)), limited)).toMatchObject({ sizeBytes: MIB })
    const refused = content.receive(inChunks(noise(MIB + 1)), { ...limited, objectKey: randomKey() })
    await expect(refused).rejects.toMatchObject({ code: 'payload_too_large', members: { maxBytes: MIB } })
    expect([...store.objects.keys()]).toEqual([options.objectKey])
  })

  test('stops reading at the limit', async () => {
    let given = 0
    const endless = (async function* () {
      while (true) {
        given += 65_536
        yield noise(65_536)
      }
    })()
    await expect(content.receive(endless, { ...options, limitBytes: 2 * MIB })).rejects.toThrow()
    expect(given).toBe(2 * MIB + 65_536)
  })

  test.each([
    ['nothing', Buffer.alloc(0), {}, 'empty_content'],
    ['fewer bytes than announced', Buffer.alloc(10), { expectedBytes: 11 }, 'body_incomplete'],
    ['more bytes than announced', Buffer.alloc(10), { expectedBytes: 9 }, 'body_incomplete'],
    ['another digest', noise(3 * MIB), { expectedSha256: '0'.repeat(64) }, 'digest_mismatch'],
  ])('refuses %s and leaves nothing', async (_, bytes, expected, code) => {
    await expect(content.receive(inChunks(bytes), { ...options, ...expected })).rejects.toMatchObject({ code })
    expect(store.objects.size).toBe(0)
  })

  test.each([0, 100, MIB, 3 * MIB])('leaves nothing when the client hangs up after %d bytes', async (bytes) => {
    const broken = (async function* () {
      yield* inChunks(noise(bytes))
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    })()
    await expect(content.receive(broken, options)).rejects.toMatchObject({ code: 'body_incomplete' })
    expect(store.objects.size).toBe(0)
  })

  test('passes on the reason when the source was refused for another cause', async () => {
    const slow = (async function* () {
      yield Buffer.from('x')
      throw new AppError('request_timeout')
    })()
    await expect(content.receive(slow, options)).rejects.toMatchObject({ code: 'request_timeout' })
  })

  test('ends at once when it is aborted, even if the source hangs', async () => {
    const leaving = new AbortController()
    const hanging = (async function* () {
      yield noise(2 * MIB)
      leaving.abort()
      await new Promise(() => {})
    })()
    const received = content.receive(hanging, { ...options, signal: leaving.signal })
    await expect(received).rejects.toMatchObject({ code: 'body_incomplete' })
    expect(store.objects.size).toBe(0)
  })

  test('passes on what the store refuses', async () => {
    const full = createMemoryStore()
    const failing = {
      ...full,
      create: (key: string) => ({
        ...full.create(key),
        write: async () => {
          throw new AppError('storage_full')
        },
      }),
    }
    const room = createContent({ store: failing, cacheBytes: 0, inlineMaxBytes: 100 })
    await expect(room.receive(inChunks(noise(4 * MIB)), options)).rejects.toMatchObject({ code: 'storage_full' })
    expect(await room.receive(inChunks(Buffer.from('small')), options)).toMatchObject({ sizeBytes: 5 })
  })

  test('many at once do not mix', async () => {
    const texts = Array.from({ length: 12 }, (_, index) =>
      Buffer.concat([Buffer.from(`${index}\n`), logText(MIB + index)]),
    )
    const stored = await Promise.all(
      texts.map((text) => content.receive(inChunks(text), { ...options, objectKey: randomKey() })),
    )
    for (const [index, text] of texts.entries()) {
      const back = await joined(content.read(stored[index] as (typeof stored)[0], 0, text.length))
      expect(back.equals(text)).toBe(true)
    }
  })
})

describe('packing a small body', () => {
  test('keeps little text as it is, and can give it back at once', () => {
    const text = Buffer.from('two\nlines')
    const stored = content.pack(text, {})
    expect(stored).toMatchObject({ encoding: 'identity', sizeBytes: 9, storedBytes: 9, lines: 2, utf8: true })
    expect(stored && content.peek(stored)).toBe(text)
  })

  test('compresses where it pays', () => {
    const text = logText(16_384)
    const stored = content.pack(text, {})
    expect(stored?.encoding).toBe('zstd')
    expect(zstdDecompressSync(stored?.body ?? '').equals(text)).toBe(true)
    expect(content.pack(noise(16_384), {})?.encoding).toBe('identity')
  })

  test('agrees with receiving the same bytes', async () => {
    for (const bytes of [Buffer.from('x'), logText(4096), logText(12_000), noise(9000)]) {
      const received = await content.receive(inChunks(bytes), options)
      const packed = content.pack(bytes, {})
      expect({ ...packed, body: 0, storedBytes: 0 }).toEqual({ ...received, body: 0, storedBytes: 0 })
    }
  })

  test('leaves what is too large to receiving, and refuses nothing', () => {
    expect(content.pack(noise(16_385), {})).toBeUndefined()
    expect(content.pack(logText(MIB), {})).toBeUndefined()
    expect(() => content.pack(Buffer.alloc(0), {})).toThrow(expect.objectContaining({ code: 'empty_content' }))
  })
})
