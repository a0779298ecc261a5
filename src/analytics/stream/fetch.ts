import type { Consumer, RecordsBatch } from '@platformatic/kafka'
import type { Fetched } from './pending.ts'
import type { KafkaMessage } from './row.ts'

/** Where a partition is to be read from; `lost` messages before it have been removed by Kafka unread. */
export type Start = { offset: number; lost: number }

/** The part of a fetch's answer that is about one partition. */
export type FetchedPartition = Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number]

/**
 * As they are on the wire, compressed: a message of this service shrinks to a tenth or less. One larger batch still
 * comes whole.
 */
const [MOST_BYTES, MOST_BYTES_OF_PARTITION] = [1 << 20, 256 << 10]

/**
 * From the first and the next offset of a partition and the group's committed one (-1: none). A committed offset
 * behind the end was one of a topic that had the name before.
 */
export function startOf({ earliest, latest, committed }: Record<'earliest' | 'latest' | 'committed', number>): Start {
  if (committed < 0 || committed > latest) return { offset: earliest, lost: 0 }
  return { offset: Math.max(committed, earliest), lost: Math.max(0, earliest - committed) }
}

/** Asks the leader of each partition for messages from its position on; waits at most `waitMs` for the first one. */
export async function fetchFrom(
  consumer: Consumer,
  topic: string,
  positions: ReadonlyMap<number, number>,
  waitMs: number,
): Promise<FetchedPartition[]> {
  const { id, partitions = [] } = (await consumer.metadata({ topics: [topic] })).topics.get(topic) ?? {}
  if (id === undefined) throw new Error(`Kafka has no topic ${topic}`)
  const byLeader = Map.groupBy(positions, ([partition]) => partitions[partition]?.leader ?? -1)
  const answers = await Promise.all(
    [...byLeader].map(([node, wanted]) =>
      consumer.fetch({
        node,
        maxWaitTime: waitMs,
        minBytes: 1,
        maxBytes: MOST_BYTES,
        topics: wanted.map(([partition, position]) => ({
          topicId: id,
          partitions: [
            {
              partition,
              fetchOffset: BigInt(position),
              partitionMaxBytes: MOST_BYTES_OF_PARTITION,
              currentLeaderEpoch: -1,
              lastFetchedEpoch: -1,
            },
          ],
        })),
      }),
    ),
  )
  return answers.flatMap(({ responses }) => responses.flatMap((response) => response.partitions))
}

/** The messages at or behind a position. A batch may begin before it; marks of transactions are passed over. */
export function messagesOf(
  partition: number,
  position: number,
  batches: readonly RecordsBatch[],
  controlBit: number,
): Fetched {
  let next = position
  const messages: KafkaMessage[] = []
  for (const batch of batches) {
    const first = Number(batch.firstOffset)
    next = Math.max(next, first + batch.lastOffsetDelta + 1)
    if (batch.attributes & controlBit) continue
    for (const { offsetDelta, timestampDelta, value } of batch.records) {
      const offset = first + offsetDelta
      if (offset < position) continue
      messages.push({ partition, offset, timestamp: Number(batch.firstTimestamp + timestampDelta), value })
    }
  }
  return { partition, next, messages }
}
