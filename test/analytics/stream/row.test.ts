import { describe, expect, test } from 'vitest'
import { type KafkaMessage, toRow } from '../../../src/analytics/stream/row.ts'

const AT = Date.parse('2026-11-23T23:59:59.999Z')

function message(value: unknown, changes: Partial<KafkaMessage> = {}): KafkaMessage {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(JSON.stringify(value))
  return { partition: 2, offset: 7, timestamp: Date.parse('2026-11-24T00:00:05Z'), value: bytes, ...changes }
}

describe('a row', () => {
  test('has the event as it came, and its place in Kafka', () => {
    const row = toRow(message({ version: 1, timestamp: AT, action: 'view', paste: 'a"b' }))
    expect(row).toEqual({
      offset: 7,
      day: '2026-11-23',
      text: `{"version":1,"timestamp":${AT},"action":"view","paste":"a\\"b","kafkaPartition":2,"kafkaOffset":7}`,
    })
  })

  test('keeps what a later version added', () => {
    const { text } = toRow(message({ version: 9, timestamp: AT, what: { is: ['this'] } }))
    expect(JSON.parse(text)).toMatchObject({ version: 9, what: { is: ['this'] } })
  })

  test('is one line, however the message was written', () => {
    const { text } = toRow(message('{\n  "version": 1,\r\n "paste": "two\\nlines" }'))
    expect(text).not.toContain('\n')
    expect(JSON.parse(text)).toMatchObject({ paste: 'two\nlines' })
  })

  test("cannot be told another place by the event's own members", () => {
    const { text } = toRow(message({ kafkaPartition: 99, kafkaOffset: 99 }))
    expect(JSON.parse(text)).toEqual({ kafkaPartition: 2, kafkaOffset: 7 })
  })

  test.each([
    ['no JSON', 'GET / HTTP/1.1'],
    ['not an object', '[1,2]'],
    ['null', 'null'],
    ['empty', ''],
  ])('keeps a message that is %s as text', (_what, value) => {
    const { text, day } = toRow(message(value))
    expect(JSON.parse(text)).toMatchObject({ unreadable: value, kafkaOffset: 7 })
    expect(day).toBe('2026-11-24')
  })

  test('keeps a message without value', () => {
    expect(JSON.parse(toRow(message('', { value: null })).text)).toMatchObject({ unreadable: null })
  })

  test.each([[-1], [1e300], ['yesterday'], [null]])(
    'of an impossible time %j is of the day of its message',
    (timestamp) => {
      expect(toRow(message({ timestamp })).day).toBe('2026-11-24')
    },
  )
})
