import { array, assert, integer, property, record, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFrameTable, encodeFrameTable, type Frame } from '../../../src/content/format/frame-table.ts'
import { decodeTrailer, encodeTrailer } from '../../../src/content/format/trailer.ts'
import { isAppError } from '../../../src/core/index.ts'

const bodies = array(
  record({
    storedBytes: integer({ min: 1, max: 1_048_700 }),
    contentBytes: integer({ min: 1, max: 1_048_576 }),
    newlines: integer({ min: 0, max: 1_048_576 }),
  }),
  { minLength: 1, maxLength: 50 },
).map((parts) => {
  const frames: Frame[] = []
  const body = { sizeBytes: 0, storedBytes: 0, lines: 1, frames: Buffer.alloc(0) }
  for (const { storedBytes, contentBytes, newlines } of parts) {
    const start = { storedOffset: body.storedBytes, contentOffset: body.sizeBytes, firstLine: body.lines }
    frames.push({ ...start, storedBytes, contentBytes })
    body.storedBytes += storedBytes
    body.sizeBytes += contentBytes
    body.lines += newlines
  }
  return { frames, body }
})

describe('the frame table', () => {
  test('gives back the frames of any body', () => {
    assert(
      property(bodies, ({ frames, body }) => {
        expect(decodeFrameTable({ ...body, frames: encodeFrameTable(frames) })).toEqual(frames)
      }),
    )
  })

  test('fits its column for the largest body, and is empty for a single frame', () => {
    const starts = Array.from({ length: 50 }, (_, index) => ({
      storedOffset: index * 1_048_600,
      contentOffset: index * 1_048_576,
      firstLine: 1 + index * 1_048_576,
    }))
    expect(encodeFrameTable(starts).length).toBeLessThan(500)
    expect(encodeFrameTable(starts.slice(0, 1))).toHaveLength(0)
    expect(() => encodeFrameTable([...starts, ...starts])).toThrow(RangeError)
  })

  test('gives an ordered table without gaps or an error, whatever the bytes', () => {
    assert(
      property(uint8Array({ maxLength: 60 }), integer({ min: 0, max: 1 }), (bytes, version) => {
        const table = Buffer.concat([Buffer.from([version]), bytes])
        const body = { frames: table, sizeBytes: 100_000, storedBytes: 50_000, lines: 1000 }
        try {
          const frames = decodeFrameTable(body)
          expect(frames.every((frame) => frame.storedBytes > 0 && frame.contentBytes > 0)).toBe(true)
          expect(frames.reduce((sum, frame) => sum + frame.contentBytes, 0)).toBe(100_000)
        } catch (error) {
          expect(isAppError(error, 'storage_unavailable')).toBe(true)
        }
      }),
    )
  })

  test('refuses a table that was cut or belongs to a smaller body', () => {
    const frames = [
      { storedOffset: 0, contentOffset: 0, firstLine: 1 },
      { storedOffset: 300, contentOffset: 1000, firstLine: 9 },
    ]
    const body = { frames: encodeFrameTable(frames), sizeBytes: 1500, storedBytes: 500, lines: 20 }
    expect(decodeFrameTable(body)).toHaveLength(2)
    expect(() => decodeFrameTable({ ...body, frames: body.frames.subarray(0, -1) })).toThrow('damaged')
    expect(() => decodeFrameTable({ ...body, sizeBytes: 1000 })).toThrow('damaged')
    expect(() => decodeFrameTable({ ...body, storedBytes: 300 })).toThrow('damaged')
    expect(() => decodeFrameTable({ ...body, lines: 8 })).toThrow('damaged')
  })
})

describe('the trailer of an object', () => {
  test('gives back frames and lines of any body', () => {
    assert(
      property(bodies, ({ frames, body }) => {
        const trailer = encodeTrailer(frames, body.lines)
        expect(decodeTrailer(Buffer.concat([Buffer.from('body'), trailer]))).toEqual({
          trailerBytes: trailer.length,
          lines: body.lines,
          frames,
        })
      }),
    )
  })

  test('is not seen in bytes that are none', () => {
    assert(property(uint8Array({ maxLength: 400 }), (bytes) => decodeTrailer(Buffer.from(bytes)) === undefined))
    const magicOnly = Buffer.from('ffffffff00b1ea928f', 'hex')
    expect(decodeTrailer(magicOnly)).toBeUndefined()
  })
})
