import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { systemRandom } from '../../../src/core/index.ts'
import { createSharedRows } from '../../../src/paste/read/shared-rows.ts'
import { toPaste } from '../../../src/paste/rows/row.ts'
import { NOW, row, sharedBytes } from './caches.ts'

/** The shared rows of one replica with an entry of a row, and how many values it refused. */
async function shared() {
  const bytes = sharedBytes()
  const counts = { refused: 0 }
  const rows = createSharedRows(bytes, {
    clock: { now: () => NOW },
    maxAgeMs: 4_000,
    random: systemRandom,
    count: () => {},
    refused: () => counts.refused++,
  })
  rows.offer(row(), NOW)
  await Promise.resolve()
  return { rows, bytes, counts, good: bytes.entries.get('paste:one') ?? Buffer.of() }
}

/** An entry with another head and a CRC that fits it. */
function withHead(good: Buffer, change: (head: Record<string, unknown>) => unknown): Buffer {
  const jsonBytes = good.readUInt32LE(8)
  const head = JSON.parse(good.toString('utf8', 12, 12 + jsonBytes))
  const json = Buffer.from(JSON.stringify(change(head)) ?? 'null')
  const rest = Buffer.concat([json, good.subarray(12 + jsonBytes)])
  const header = Buffer.from(good.subarray(0, 12))
  header.writeUInt32LE(crc32(rest), 4)
  header.writeUInt32LE(json.length, 8)
  return Buffer.concat([header, rest])
}

test('a column that no row can have is a miss, and counted', async () => {
  const { rows, bytes, counts, good } = await shared()
  const columns = Object.keys(row()).filter((name) => !['frames', 'frame_sums', 'body', 'upload'].includes(name))
  const values = fc.oneof(fc.constantFrom(-1, 0.5, 1e300, {}, [], 'x'.repeat(5_000), '\r\nx: y', true), fc.jsonValue())
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...columns), values, async (column, value) => {
      const before = counts.refused
      bytes.entries.set(
        'paste:one',
        withHead(good, (head) => ({ ...head, columns: { ...(head.columns as object), [column]: value } })),
      )
      const found = await rows.get('one')
      // What passes has to be usable, and to differ in this column alone.
      if (found) expect(toPaste({ ...found.row, [column]: row()[column as 'slug'] })).toEqual(toPaste(row()))
      else expect(counts.refused).toBe(before + 1)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['only a slug', () => ({ columns: { slug: 'one' } })],
  ['nothing', () => null],
  ['a list', () => []],
  ['a text', () => 'x'],
  ['lengths beyond the entry', (head: object) => ({ ...head, lengths: [1e9, 0, 0] })],
  ['a body cut short', (head: object) => ({ ...head, lengths: [4, -1, 3] })],
  ['a time that has not come', (head: object) => ({ ...head, readAt: NOW + 60_000 })],
  ['a time that is none', (head: object) => ({ ...head, readAt: '9' })],
])('an entry with %s and a CRC that fits is a miss', async (_what, change) => {
  const { rows, bytes, counts, good } = await shared()
  expect(await rows.get('one')).toBeDefined()
  bytes.entries.set('paste:one', withHead(good, change))
  expect(await rows.get('one')).toBeUndefined()
  expect(counts.refused).toBe(1)
})

test('a body that is not the one of its hash is a miss', async () => {
  const { rows, bytes, good } = await shared()
  const bad = Buffer.from(good)
  bad.write('T', bad.length - 4)
  bytes.entries.set(
    'paste:one',
    withHead(bad, (head) => head),
  )
  expect(await rows.get('one')).toBeUndefined()
})

test('any bytes are a miss', async () => {
  const { rows, bytes } = await shared()
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (value) => {
      bytes.entries.set('paste:one', Buffer.concat([Buffer.from('row2'), value]))
      expect(await rows.get('one')).toBeUndefined()
    }),
  )
})
