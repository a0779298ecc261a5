import { setTimeout as delay } from 'node:timers/promises'
import type { CommitOptionsPartition } from '@platformatic/kafka'
import { settledWithin } from '../../core/index.ts'
import { fetchFrom, messagesOf, type Start, startOf } from './fetch.ts'
import type { Fetched } from './pending.ts'

/** Where a sink reads. `member` is the name it keeps when it is started again, and that no other sink has. */
export type GroupOptions = { brokers: readonly string[]; topic: string; group: string; member: string }

/** One membership in the consumer group. Any call may reject; then close it and join again. */
export type Group = {
  /** Grows whenever partitions may have come or gone; asked before each read. Throws when membership is lost for good. */
  joins(): number
  /** For each partition that is ours now: the group's committed offset, or the first that there is. */
  starts(): Promise<Map<number, Start>>
  /** The next messages, at most some 8 MiB; waits half a second for the first one. Positions are next offsets. */
  read(positions: ReadonlyMap<number, number>): Promise<Fetched[]>
  /** Messages of our partitions that are behind the last read. */
  lag(): number
  /**
   * Everything before these offsets needs never be read again. False, and nothing is changed, when partitions may have
   * come or gone since `asOf` (see {@link Group.joins}): another may have them now, and have gone further.
   */
  commit(offsets: ReadonlyMap<number, number>, asOf: number): Promise<boolean>
  /** Leaves the group, so that others get its partitions at once. Never rejects; ends within 2 s. */
  close(): Promise<void>
}

/** Another process has joined the group with our name: one of the two has to go. */
export class NameTaken extends Error {}

const WAIT_MS = 500
const CLOSE_MS = 2_000
const EARLIEST = -2n
const LATEST = -1n

/**
 * Joins the group. Membership is static: started again after a crash, the same member gets its partitions back at once
 * instead of waiting until the group notices that its former self is dead. Messages are fetched here, not by the
 * library's stream, which reads ahead: so what is in memory is what was asked for, and after a rebalance nothing of
 * former partitions arrives late.
 */
export async function joinGroup({ brokers, topic, group, member }: GroupOptions): Promise<Group> {
  const kafka = await import('@platformatic/kafka')
  const common = { clientId: `events-sink-${member}`, groupId: group, bootstrapBrokers: [...brokers], retryDelay: 100 }
  const membership = new kafka.Consumer({
    ...common,
    groupInstanceId: member,
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    rebalanceTimeout: 15_000,
  })
  // On connections of its own: a fetch waits for messages, and heartbeats must not wait for it.
  const fetcher = new kafka.Consumer({ ...common, retries: 0 })
  let failure: Error | undefined
  let joins = 0
  const highest = new Map<number, number>()
  let lag = 0
  let partitionCount = 0
  let committing: CommitOptionsPartition[] = []

  for (const consumer of [membership, fetcher]) consumer.topics.track(topic)
  membership.on('consumer:group:join', () => {
    joins += 1
    // The library repeats a refused commit as soon as it has joined again: then it finds nothing to commit.
    committing.length = 0
  })
  // Without a listener an error event ends the process.
  for (const consumer of [membership, fetcher] as unknown as NodeJS.EventEmitter[])
    consumer.on('error', (error: Error) => {
      failure ??= error
    })
  membership.on('client:performWithRetry:failed', (_operation: string, _retries: number, errors: Error[]) => {
    if (!errors.some((error) => kafka.findErrorBy(error, 'apiId', 'FENCED_INSTANCE_ID'))) return
    failure = new NameTaken(`another sink joined the group ${group} as ${member}`)
    // At once: the library would join again, and throw the other one out in its turn.
    membership.leaveGroup(true, () => {})
  })

  async function close(): Promise<void> {
    await settledWithin(Promise.allSettled([membership.close(true), fetcher.close(true)]), CLOSE_MS)
  }

  const ours = () => membership.assignments?.find((assignment) => assignment.topic === topic)?.partitions ?? []

  try {
    await membership.joinGroup({})
    if (failure) throw failure
  } catch (error) {
    await close()
    throw failure ?? error
  }

  return {
    joins() {
      if (failure) throw failure
      return joins
    },
    async starts() {
      const partitions = ours()
      if (partitions.length === 0) return new Map()
      const [earliest, latest, committed] = await Promise.all([
        fetcher.listOffsets({ topics: [topic], timestamp: EARLIEST }),
        fetcher.listOffsets({ topics: [topic], timestamp: LATEST }),
        membership.listCommittedOffsets({ topics: [{ topic, partitions }] }),
      ])
      return new Map(
        partitions.map((partition) => {
          const of = (offsets: Map<string, bigint[]>) => Number(offsets.get(topic)?.[partition] ?? -1)
          return [partition, startOf({ earliest: of(earliest), latest: of(latest), committed: of(committed) })]
        }),
      )
    },
    async read(positions) {
      const count = (await fetcher.metadata({ topics: [topic] })).topics.get(topic)?.partitionsCount ?? 0
      // The group does not notice by itself: joining again makes it assign the partitions.
      if (count > partitionCount && partitionCount > 0) throw new Error(`${topic} has got more partitions`)
      partitionCount = count
      if (positions.size === 0) {
        await delay(WAIT_MS)
        return []
      }
      const responses = await fetchFrom(fetcher, topic, positions, WAIT_MS)
      const fetched: Fetched[] = []
      for (const { partitionIndex: partition, highWatermark, records } of responses) {
        const position = positions.get(partition)
        // A fetch session may answer for partitions of before.
        if (position === undefined) continue
        highest.set(partition, Number(highWatermark))
        fetched.push(messagesOf(partition, position, records ?? [], kafka.IS_CONTROL))
      }
      const nexts = new Map(positions)
      for (const { partition, next } of fetched) nexts.set(partition, next)
      lag = [...nexts].reduce((sum, [partition, next]) => sum + Math.max(0, (highest.get(partition) ?? next) - next), 0)
      return fetched
    },
    lag: () => lag,
    async commit(offsets, asOf) {
      if (joins !== asOf) return false
      committing = [...offsets].map(([partition, next]) => ({
        topic,
        partition,
        offset: BigInt(next),
        leaderEpoch: -1,
      }))
      if (committing.length > 0) await membership.commit({ offsets: committing })
      return joins === asOf
    },
    close,
  }
}
