import { Consumer } from '@platformatic/kafka'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEventBuffer } from '../../src/analytics/events/buffer.ts'
import type { AnalyticsEvent } from '../../src/analytics/events/schema.ts'
import type { EventSink } from '../../src/analytics/events/sink.ts'
import { createKafkaSink } from '../../src/analytics/stream/kafka-sink.ts'
import { systemClock } from '../../src/core/index.ts'
import { until } from '../blackbox/client.ts'
import { freePort } from '../services/index.ts'
import { event, manyEvents } from './events.ts'
import type { Servers } from './servers.ts'

/** What the service's sink promises to its buffer, whatever Kafka does. */
export function kafkaSinkSuite(servers: Servers): void {
  describe('events on their way to Kafka', () => {
    let topics = 0
    let topic: string
    let sink: EventSink
    beforeEach(async () => {
      topics += 1
      topic = `topic-${topics}`
      await servers.kafka.createTopic(topic, 3)
      sink = createKafkaSink({ brokers: [servers.kafka.brokers], topic, clientId: 'tests', deadlineMs: 1_000 })
    })
    afterEach(() => sink.close())

    /** Sends until Kafka takes them, as the buffer does. */
    async function insist(events: readonly AnalyticsEvent[]): Promise<number> {
      for (let attempt = 1; ; attempt += 1) {
        const failure = await sink.send(events).catch((error: Error) => error)
        if (!failure) return attempt
        if (attempt === 60) throw failure
      }
    }

    test("arrive as they are, a paste's in order", async () => {
      const events = manyEvents(0, 2_500)
      await insist(events)
      const arrived = await readAll(topic, 2_500)
      expect(new Map(arrived.map((each) => [each.id, each]))).toEqual(new Map(events.map((each) => [each.id, each])))
      const ofOne = (list: readonly AnalyticsEvent[]) =>
        list.filter(({ paste }) => paste === 'paste7').map(({ id }) => id)
      expect(ofOne(arrived)).toEqual(ofOne(events))
    })

    test('are refused within the deadline while Kafka is frozen, and arrive once when it is not', async () => {
      await insist([event(0)])
      servers.kafka.pause()
      const events = manyEvents(1, 1_501)
      for (let attempt = 0; attempt < 3; attempt += 1) await expect(sink.send(events)).rejects.toThrow('within 1000 ms')
      servers.kafka.resume()
      // The buffer may have let go of its oldest by now, and got new ones.
      await insist([...events.slice(100), event(1_501)])
      const ids = (await readAll(topic, 1_502)).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBeGreaterThanOrEqual(1_402)
    }, 60_000)

    test('wait in bounded memory while Kafka is frozen: the oldest are lost, which is counted, none arrives twice', async () => {
      await insist([event(0)])
      const maxBytes = 1 << 20
      const logger = pino({ level: 'silent' })
      const buffer = createEventBuffer({ sink, clock: systemClock, logger, random: () => 0, maxBytes })
      servers.kafka.pause()
      const highest: number[] = []
      for (const each of manyEvents(1, 20_001)) {
        buffer.push(each)
        buffer.pump()
        highest.push(buffer.state().bytes)
        // One batch is on its way before the others come.
        if (each.id === event(1_000).id)
          await until(
            async () => buffer.state(),
            ({ failures }) => failures > 0,
          )
      }
      expect(Math.max(...highest)).toBeLessThanOrEqual(maxBytes)
      servers.kafka.resume()
      await until(
        async () => {
          buffer.pump()
          return buffer.state()
        },
        ({ waiting }) => waiting === 0,
        30_000,
      )
      const { sent, dropped } = buffer.state()
      expect(sent + dropped).toBe(20_000)
      expect(dropped).toBeGreaterThan(10_000)
      const ids = (await readAll(topic, sent)).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      // What was on its way is there though it was given up.
      expect(ids.length).toBeGreaterThanOrEqual(1 + sent)
    }, 60_000)

    test('are refused while Kafka is dead, and arrive once when it is back', async () => {
      await insist([event(0)])
      await servers.kafka.kill()
      await expect(sink.send(manyEvents(1, 11))).rejects.toThrow('within 1000 ms')
      await servers.kafka.restart()
      await insist(manyEvents(1, 11))
      expect((await readAll(topic, 11)).map(({ id }) => id).sort()).toEqual(manyEvents(0, 11).map(({ id }) => id))
    }, 60_000)

    test('are refused within the deadline where no Kafka is', async () => {
      const lost = createKafkaSink({
        brokers: [`127.0.0.1:${await freePort()}`],
        topic,
        clientId: 'tests',
        deadlineMs: 300,
      })
      await expect(lost.send([event(0)])).rejects.toThrow('within 300 ms')
      await lost.close()
    })

    test("are refused with the broker's words, in a line, where it has no such topic", async () => {
      const lost = createKafkaSink({
        brokers: [servers.kafka.brokers],
        topic: 'no-such-topic',
        clientId: 'tests',
        deadlineMs: 1_000,
      })
      const refused = await lost.send([event(0)]).catch((error: Error) => error)
      expect((refused as Error).message).toMatch(
        /^no-such-topic took no events within 1000 ms: [^\n]*does not host[^\n]*$/,
      )
      await lost.close()
    })
  })

  /** The events of a topic, from its beginning: at least `least`, then what half a second more brings. */
  async function readAll(topic: string, least: number): Promise<AnalyticsEvent[]> {
    const consumer = new Consumer({
      clientId: 'tests',
      groupId: `of-${topic}`,
      bootstrapBrokers: [servers.kafka.brokers],
    })
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', maxWaitTime: 100 })
    const events: AnalyticsEvent[] = []
    let quiet: NodeJS.Timeout | undefined
    for await (const { value } of stream) {
      events.push(JSON.parse(value.toString()) as AnalyticsEvent)
      clearTimeout(quiet)
      quiet = setTimeout(() => void stream.close(), events.length >= least ? 500 : 5_000)
    }
    await consumer.close(true)
    return events
  }
}
