import { describe, expect, test } from 'vitest'
import { answerText } from '../../../src/analytics/stream/answer-text.ts'
import { publishRows } from '../../../src/analytics/stream/publish.ts'
import { countEvents } from '../../../src/analytics/stream/query.ts'
import { parseQuestion } from '../../../src/analytics/stream/question.ts'
import { toRow } from '../../../src/analytics/stream/row.ts'
import { createMemoryHdfs } from './memory-hdfs.ts'

const NOW = Date.parse('2026-11-23T23:59:59Z')
const place = { folder: '/events', topic: 'paste-events' }

/** HDFS with these values as one partition's messages of today. */
async function hdfsWith(...values: object[]) {
  const hdfs = createMemoryHdfs()
  const rows = values.map((value, offset) =>
    toRow({ partition: 0, offset, timestamp: NOW, value: Buffer.from(JSON.stringify(value)) }),
  )
  await publishRows({ hdfs, place, writer: 'a' }, { partition: 0, day: '2026-11-23', rows })
  return hdfs
}

describe('a question', () => {
  test('is about today and about actions, unless it says more', () => {
    expect(parseQuestion({ limit: '10' }, NOW)).toEqual({ day: '2026-11-23', limit: 10, by: 'action' })
  })

  test('about top pastes is about views and claims', () => {
    expect(parseQuestion({ day: '2026-02-28', limit: '3', 'top-pastes': true }, NOW)).toEqual({
      ...{ day: '2026-02-28', limit: 3, by: 'paste', actions: ['view', 'claim'] },
    })
  })

  test.each([
    [{ day: '2026-02-29' }, '--day wants'],
    [{ day: '23.11.2026' }, '--day wants'],
    [{ day: '../../x' }, '--day wants'],
    [{ limit: '0' }, '--limit wants'],
    [{ limit: 'many' }, '--limit wants'],
    [{ by: 'password' }, '--by wants one of paste, action'],
    [{ by: 'via', 'top-pastes': true }, 'not both'],
  ])('%j is refused with a reason', (words, reason) => {
    expect(() => parseQuestion({ limit: '10', ...words }, NOW)).toThrow(reason)
  })
})

describe('an answer', () => {
  test('counts what was asked for, and says what else there was', async () => {
    const hdfs = await hdfsWith(
      { version: 1, timestamp: NOW, action: 'view', paste: 'a' },
      { version: 1, timestamp: NOW, action: 'claim', paste: 'a' },
      { version: 2, timestamp: NOW, action: 'view', paste: 'b', mood: 'new' },
      { version: 1, timestamp: NOW, action: 'create', paste: 'b' },
      ['no event'],
    )
    const question = parseQuestion({ limit: '10', 'top-pastes': true }, NOW)
    const answer = await countEvents({ hdfs, place }, question)
    expect(answer).toEqual({
      ...{ files: 1, events: 5, repeated: 0, counted: 3, otherVersions: 1, unreadable: 1, mayLack: 0 },
      top: [
        { key: 'a', count: 2 },
        { key: 'b', count: 1 },
      ],
    })
    expect(answerText('paste-events', question, answer)).toBe(
      `2026-11-23 (UTC), paste-events: 5 events in 1 file
1 message could not be read as events
1 event of another version

count  paste
    2  a
    1  b`,
    )
  })

  test('groups what has no such member under a name of its own', async () => {
    const hdfs = await hdfsWith({ version: 1, timestamp: NOW, action: 'view', country: null })
    const question = parseQuestion({ limit: '10', by: 'country' }, NOW)
    expect(await countEvents({ hdfs, place }, question)).toMatchObject({ top: [{ key: '(none)', count: 1 }] })
  })

  test('about a day without events is empty', async () => {
    const question = parseQuestion({ limit: '10', day: '2020-01-01' }, NOW)
    expect(await countEvents({ hdfs: createMemoryHdfs(), place }, question)).toMatchObject({
      files: 0,
      events: 0,
      top: [],
    })
  })
})
