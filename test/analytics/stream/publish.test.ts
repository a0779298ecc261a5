import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { publishRows, sweepScratch } from '../../../src/analytics/stream/publish.ts'
import { readDay } from '../../../src/analytics/stream/read-day.ts'
import { type KafkaMessage, toRow } from '../../../src/analytics/stream/row.ts'
import type { Hdfs } from '../../../src/analytics/stream/webhdfs.ts'
import { thoroughly } from '../../thorough.ts'
import { createMemoryHdfs } from './memory-hdfs.ts'

const DAY = '2026-11-23'
const place = { folder: '/events', topic: 'paste-events' }
const FOLDER = `/events/paste-events/day=${DAY}/partition=3`

/** Message number `offset` of a partition's log, always the same; every seventh offset is a gap, as transactions leave. */
function message(offset: number): KafkaMessage {
  const value = Buffer.from(JSON.stringify({ version: 1, id: `${offset}`, timestamp: Date.parse(`${DAY}T01:00:00Z`) }))
  return { partition: 3, offset, timestamp: 0, value }
}

function rows(from: number, to: number) {
  const offsets = Array.from({ length: to - from }, (_, index) => from + index).filter((offset) => offset % 7 !== 5)
  return { partition: 3, day: DAY, rows: offsets.map((offset) => toRow(message(offset))) }
}

async function idsOf(hdfs: Hdfs): Promise<{ ids: number[]; repeated: number }> {
  const ids: number[] = []
  const { repeated } = await readDay({ hdfs, place }, DAY, (row) => ids.push(Number(row.id)))
  return { ids, repeated }
}

async function names(hdfs: Hdfs, folder: string): Promise<string[]> {
  const found: string[] = []
  for await (const { name } of hdfs.list(folder)) found.push(name)
  return found
}

async function text(hdfs: Hdfs, path: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of (await hdfs.open(path)) ?? []) chunks.push(chunk)
  return gunzipSync(Buffer.concat(chunks)).toString()
}

describe('files of events', () => {
  test('a file is named by its first offset, below its day and partition, one JSON object a line', async () => {
    const hdfs = createMemoryHdfs()
    await publishRows({ hdfs, place, writer: 'a' }, rows(41, 43))
    const file = `${FOLDER}/00000000000000000041.ndjson.gz`
    expect(await text(hdfs, file)).toBe(
      '{"version":1,"id":"41","timestamp":1795395600000,"kafkaPartition":3,"kafkaOffset":41}\n' +
        '{"version":1,"id":"42","timestamp":1795395600000,"kafkaPartition":3,"kafkaOffset":42}\n',
    )
    expect(await names(hdfs, '/events/_tmp')).toEqual([])
  })

  test('a replay that is cut elsewhere finds its file and writes only what is behind it', async () => {
    const hdfs = createMemoryHdfs()
    await publishRows({ hdfs, place, writer: 'a' }, rows(0, 10))
    const before = await text(hdfs, `${FOLDER}/00000000000000000000.ndjson.gz`)
    expect(await publishRows({ hdfs, place, writer: 'b' }, rows(0, 4))).toEqual({ files: 0, bytes: 0 })
    await publishRows({ hdfs, place, writer: 'b' }, rows(0, 20))
    expect(await text(hdfs, `${FOLDER}/00000000000000000000.ndjson.gz`)).toBe(before)
    expect(await names(hdfs, FOLDER)).toEqual(['00000000000000000000.ndjson.gz', '00000000000000000010.ndjson.gz'])
    expect(await idsOf(hdfs)).toEqual({ ids: rows(0, 20).rows.map(({ offset }) => offset), repeated: 0 })
  })

  test('a rename whose answer was lost is not done twice', async () => {
    const hdfs = createMemoryHdfs()
    const rename: Hdfs['rename'] = async (from, to) => {
      await hdfs.rename(from, to)
      throw new Error('the answer was lost')
    }
    await expect(publishRows({ hdfs: { ...hdfs, rename }, place, writer: 'a' }, rows(0, 5))).rejects.toThrow('lost')
    expect(await publishRows({ hdfs, place, writer: 'a' }, rows(0, 5))).toEqual({ files: 0, bytes: 0 })
    expect(await names(hdfs, '/events/_tmp')).toEqual([])
    expect((await idsOf(hdfs)).ids).toEqual([0, 1, 2, 3, 4])
  })

  test('each event is read once, however sinks died, replayed and overlapped', async () => {
    // Every sink starts where all before is written; some write on without knowing that others have gone further.
    const steps = fc.array(fc.record({ behind: fc.nat(12), length: fc.integer({ min: 1, max: 15 }) }), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(steps, async (sinks) => {
        const hdfs = createMemoryHdfs()
        let end = 0
        for (const [index, { behind, length }] of sinks.entries()) {
          const from = Math.max(0, end - behind)
          await publishRows({ hdfs, place, writer: `${index}` }, rows(from, from + length))
          end = Math.max(end, from + length)
        }
        expect((await idsOf(hdfs)).ids).toEqual(rows(0, end).rows.map(({ offset }) => offset))
      }),
      { numRuns: thoroughly(150) },
    )
  })

  test('scratch files of the dead are swept after an hour, others stay', async () => {
    let now = Date.UTC(2026, 10, 23)
    const hdfs = createMemoryHdfs(() => now)
    await hdfs.create('/events/_tmp/old', Buffer.from('x'))
    now += 3_600_001
    await hdfs.create('/events/_tmp/young', Buffer.from('x'))
    expect(await sweepScratch(hdfs, '/events', now)).toBe(1)
    expect(await names(hdfs, '/events/_tmp')).toEqual(['young'])
  })
})

describe('reading a day', () => {
  test('a file whose reading breaks off is read again, and its events are counted once', async () => {
    const hdfs = createMemoryHdfs()
    await publishRows({ hdfs, place, writer: 'a' }, rows(0, 30_000))
    let opened = 0
    const open: Hdfs['open'] = async (path) => {
      opened += 1
      const content = await hdfs.open(path)
      return content && (opened < 3 ? breaksOff(content) : content)
    }
    expect(await idsOf({ ...hdfs, open })).toEqual({ ids: rows(0, 30_000).rows.map((row) => row.offset), repeated: 0 })
    expect(opened).toBe(3)
  })
})

async function* breaksOff(content: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let pieces = 0
  for await (const piece of content) {
    pieces += 1
    if (pieces === 20) throw new Error('ECONNRESET')
    yield piece
  }
}
