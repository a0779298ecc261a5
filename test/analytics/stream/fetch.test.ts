import type { RecordsBatch } from '@platformatic/kafka'
import { describe, expect, test } from 'vitest'
import { messagesOf, startOf } from '../../../src/analytics/stream/fetch.ts'
import { kafkaErrorText } from '../../../src/analytics/stream/kafka-error-text.ts'

const CONTROL = 32

function batch(firstOffset: number, offsetDeltas: readonly number[], attributes = 0): RecordsBatch {
  const records = offsetDeltas.map((offsetDelta) => ({
    offsetDelta,
    timestampDelta: 5n,
    value: Buffer.from(`${firstOffset + offsetDelta}`),
    key: null,
    headers: [],
    length: 0,
    attributes: 0,
  }))
  const own = { firstOffset: BigInt(firstOffset), lastOffsetDelta: 9, attributes, records, firstTimestamp: 1_000n }
  return own as unknown as RecordsBatch
}

describe('where a partition is read from', () => {
  test.each([
    ['the committed offset', { earliest: 10, latest: 90, committed: 40 }, { offset: 40, lost: 0 }],
    ['the beginning when nothing is committed', { earliest: 10, latest: 90, committed: -1 }, { offset: 10, lost: 0 }],
    ['behind what Kafka has removed', { earliest: 50, latest: 90, committed: 40 }, { offset: 50, lost: 10 }],
    ['the beginning of a topic made anew', { earliest: 0, latest: 3, committed: 40 }, { offset: 0, lost: 0 }],
  ])('is %s', (_where, offsets, start) => {
    expect(startOf(offsets)).toEqual(start)
  })
})

describe('what a fetch brings', () => {
  test('is the messages from the position on, a batch that begins before it included', () => {
    const { messages, next } = messagesOf(3, 22, [batch(20, [0, 1, 2, 9]), batch(30, [4])], CONTROL)
    expect(messages.map(({ offset }) => offset)).toEqual([22, 29, 34])
    expect(messages[0]).toEqual({ partition: 3, offset: 22, timestamp: 1_005, value: Buffer.from('22') })
    expect(next).toBe(40)
  })

  test('passes over marks of transactions, and what was removed at the end of a batch', () => {
    expect(messagesOf(0, 20, [batch(20, [0], CONTROL)], CONTROL)).toEqual({ partition: 0, next: 30, messages: [] })
  })

  test('is nothing when there is nothing', () => {
    expect(messagesOf(0, 20, [], CONTROL)).toEqual({ partition: 0, next: 20, messages: [] })
  })
})

describe("what Kafka's client throws", () => {
  test("is told in one line, by the broker's own words", () => {
    const reason = Object.assign(new Error('unexpected'), { serverErrorMessage: 'Timestamp is out of range.' })
    const attempt = new AggregateError([reason, reason], 'Received response with error')
    expect(kafkaErrorText(new AggregateError([attempt, new Error('closed')], 'produce failed 2 times.'))).toBe(
      'Timestamp is out of range.',
    )
    expect(kafkaErrorText(new Error('Unknown topic x.'))).toBe('Unknown topic x.')
  })
})
