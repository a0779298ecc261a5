/** One message of Kafka. `timestamp` is the message's own, epoch ms. */
export type KafkaMessage = { partition: number; offset: number; timestamp: number; value: Buffer | null }

/** One line of a file: `offset` is the message's, `day` (`2026-11-23`, UTC) the event's, `text` is JSON without newline. */
export type Row = { offset: number; day: string; text: string }

// Beyond these an event's clock is wrong, and its folder would never be read.
const [EARLIEST_AT, LATEST_AT] = [Date.UTC(2000, 0), Date.UTC(2100, 0)]

/**
 * The row of a message: the event's members as they came, whatever its version, and `kafkaPartition` and `kafkaOffset`,
 * which together name it (plain `partition` and `offset` are reserved words of SQL). What is not a JSON object is kept
 * as well, as text, under `unreadable`. The same message always gives the same row.
 */
export function toRow({ partition, offset, timestamp, value }: KafkaMessage): Row {
  const event = parseObject(value) ?? { timestamp, unreadable: value?.toString() ?? null }
  const at = isSensible(event.timestamp) ? event.timestamp : timestamp
  return { offset, day: dayOf(at), text: JSON.stringify({ ...event, kafkaPartition: partition, kafkaOffset: offset }) }
}

/** The UTC day of a time in epoch ms, such as `2026-11-23`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function isSensible(timestamp: unknown): timestamp is number {
  return typeof timestamp === 'number' && timestamp >= EARLIEST_AT && timestamp < LATEST_AT
}

function parseObject(value: Buffer | null): Record<string, unknown> | undefined {
  if (!value) return undefined
  try {
    const parsed: unknown = JSON.parse(value.toString())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
