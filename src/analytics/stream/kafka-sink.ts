import type { Producer } from '@platformatic/kafka'
import { later } from '../../core/index.ts'
import type { AnalyticsEvent, EventSink } from '../events/index.ts'
import { kafkaErrorText } from './kafka-error-text.ts'

/** Where events go. `clientId` names this process in Kafka's own figures. */
export type KafkaSinkOptions = {
  brokers: readonly string[]
  topic: string
  clientId: string
  /** How long one `send` may take. Default 5 s. */
  deadlineMs?: number
}

const DEADLINE_MS = 5_000
/** Far below the largest batch that Kafka takes by default, 1 MiB, even if nothing could be compressed. */
const EVENTS_PER_BATCH = 1_000
const CLOSE_WITHIN_MS = 1_000
const SILENT = 'Kafka is silent'

/**
 * Sends events to a topic of Kafka as JSON, keyed by the paste, so that a paste's events stay in order. The client is loaded, and connects, at the first event.
 *
 * The producer is idempotent, so its own repetitions never make a second copy; but it also never gives up: a batch that
 * was not answered in time may be stored at any later moment. Until its fate is known nothing else is sent: `send`
 * rejects, one batch is all that is held, and what turns out to be stored is left out when it comes again.
 */
export function createKafkaSink({ brokers, topic, clientId, deadlineMs = DEADLINE_MS }: KafkaSinkOptions): EventSink {
  let producer: Promise<Producer> | undefined
  let underWay: Promise<void> | undefined
  /** Why the producer tried again last. */
  let trouble = SILENT
  /** Of the events that were rejected last, the ids of those that are stored nevertheless. */
  let stored = new Set<string>()

  function connect(): Promise<Producer> {
    producer ??= import('@platformatic/kafka').then((kafka) => {
      return new kafka.Producer({
        clientId,
        bootstrapBrokers: [...brokers],
        autocreateTopics: true,
        idempotent: true,
        compression: 'zstd',
        retryDelay(_client, _operation, _attempt, _retries, error) {
          trouble = kafkaErrorText(error)
          return 100
        },
      })
    })
    return producer
  }

  async function produce(events: readonly AnalyticsEvent[]): Promise<void> {
    const connected = await connect()
    await connected.send({ messages: events.map((event) => toMessage(topic, event)) }).catch((error) => {
      throw new Error(`Kafka refused events: ${kafkaErrorText(error)}`)
    })
    for (const { id } of events) stored.add(id)
  }

  return {
    name: 'kafka',
    async send(events) {
      const deadline = createDeadline(deadlineMs, () => `${topic} took no events within ${deadlineMs} ms: ${trouble}`)
      try {
        if (underWay) await deadline.before(underWay)
        stored = new Set(events.flatMap(({ id }) => (stored.has(id) ? [id] : [])))
        const fresh = events.filter(({ id }) => !stored.has(id))
        for (let from = 0; from < fresh.length; from += EVENTS_PER_BATCH) {
          const sent = produce(fresh.slice(from, from + EVENTS_PER_BATCH))
          // Whatever comes of it: the next one may be sent then.
          underWay = sent.then(nothing, nothing).then(() => {
            underWay = undefined
          })
          await deadline.before(sent)
        }
        stored.clear()
        trouble = SILENT
      } finally {
        deadline.clear()
      }
    },
    async close() {
      if (!producer) return
      const deadline = createDeadline(CLOSE_WITHIN_MS, () => 'it stays open')
      const closing = producer.then((connected) => connected.close(true))
      await deadline.before(closing).catch(nothing)
      deadline.clear()
    },
  }
}

function nothing(): void {}

function toMessage(topic: string, event: AnalyticsEvent) {
  return { topic, key: Buffer.from(event.paste), value: Buffer.from(JSON.stringify(event)) }
}

/** Rejects what is not there in time; the work itself continues. */
function createDeadline(ms: number, why: () => string) {
  const over = Promise.withResolvers<never>()
  over.promise.catch(nothing)
  const timer = later(() => over.reject(new Error(why())), ms)
  return {
    before: <Result>(work: Promise<Result>): Promise<Result> => Promise.race([work, over.promise]),
    clear: () => clearTimeout(timer),
  }
}
