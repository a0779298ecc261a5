import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { runSink } from '../../src/analytics/stream/sink-process.ts'
import { systemClock } from '../../src/core/index.ts'
import { DAY } from './events.ts'
import { allCommitted, createPlace, produce, query, spawnSink, startSink } from './place.ts'
import type { Servers } from './servers.ts'

/** Sinks while HDFS or Kafka is away, and while two of them have the same work or name. */
export function outagesSuite(servers: Servers): void {
  describe('a sink', () => {
    test('loses nothing while HDFS is dead, frozen and back', async () => {
      const place = await createPlace(servers)
      const sink = await startSink(place, 'patient')
      await produce(place, 0, 5_000)
      await allCommitted(place, 5_000)
      await servers.hdfs.dataNode.kill()
      await produce(place, 5_000, 10_000)
      await servers.hdfs.dataNode.restart()
      await allCommitted(place, 10_000)
      await servers.hdfs.nameNode.kill()
      await produce(place, 10_000, 15_000)
      await servers.hdfs.nameNode.restart()
      await allCommitted(place, 15_000)
      servers.hdfs.nameNode.pause()
      await produce(place, 15_000, 20_000)
      servers.hdfs.nameNode.resume()
      await allCommitted(place, 20_000)
      expect(await query(place, '--day', DAY)).toMatchObject({ events: 20_000 })
      await sink.end()
    }, 180_000)

    test('goes on when Kafka is back, and so does who sends', async () => {
      const place = await createPlace(servers)
      const sink = await startSink(place, 'loyal')
      await produce(place, 0, 5_000)
      await servers.kafka.kill()
      const producing = produce(place, 5_000, 10_000)
      await servers.kafka.restart()
      await producing
      await allCommitted(place, 10_000)
      expect(await query(place, '--day', DAY)).toMatchObject({ events: 10_000 })
      await sink.end()
    }, 120_000)

    test('that still writes what another has taken over takes nothing away and adds nothing', async () => {
      const place = await createPlace(servers, 2)
      const [writes, mayWrite] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const [stop, never] = [new AbortController(), new AbortController()]
      const slow = runSink({
        kafka: { brokers: [place.brokers], topic: place.topic, group: place.group, member: 'slow' },
        hdfs: {
          ...place.hdfs,
          async create(path, content) {
            writes.resolve()
            await mayWrite.promise
            return place.hdfs.create(path, content)
          },
        },
        place: { folder: place.environment.EVENTS_FOLDER ?? '', topic: place.topic },
        limits: { rows: 1, bytes: 1, intervalMs: 0 },
        writer: 'slow',
        clock: systemClock,
        logger: pino({ level: 'silent' }),
        stop: stop.signal,
        abandon: never.signal,
      })
      // Both partitions are in the slow one's hands before the quick one joins and gets one of them, from its beginning.
      await produce(place, 0, 10_000)
      await writes.promise
      const quick = spawnSink(place, 'quick')
      await quick.says('"msg":"reading"')
      await produce(place, 10_000, 20_000)
      await quick.says('"pending":0,"lag":0,"msg":"read"')
      mayWrite.resolve()
      await allCommitted(place, 20_000)
      expect(await query(place, '--day', DAY)).toMatchObject({ events: 20_000 })
      stop.abort()
      quick.signal('SIGTERM')
      await Promise.all([slow, quick.ended])
    }, 120_000)

    test('ends when another has its name, and says what to do', async () => {
      const place = await createPlace(servers, 1)
      const former = spawnSink(place, 'same')
      await former.says('"msg":"reading"')
      const latter = spawnSink(place, 'same')
      await former.says('another sink joined the group')
      await former.says('give each sink an EVENTS_SINK_NAME of its own')
      expect(await former.ended).toBe(1)
      latter.signal('SIGTERM')
      expect(await latter.ended).toBe(0)
    }, 60_000)
  })
}
