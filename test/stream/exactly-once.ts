import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { DAY } from './events.ts'
import {
  allCommitted,
  committed,
  createPlace,
  filesOf,
  type Place,
  produce,
  query,
  spawnSink,
  startSink,
} from './place.ts'
import type { Servers } from './servers.ts'

/** What becomes of a million events, of sinks that join, leave and die, and of partitions. */
export function exactlyOnceSuite(servers: Servers): void {
  const EVENTS = 1_000_000

  describe('events, through Kafka into HDFS', () => {
    test('of a million, with the sink killed three times, each is there once', async () => {
      const place = await createPlace(servers)
      const sink = await startSink(place, 'killed', { EVENTS_FILE_ROWS: '20000' })
      const startedAt = performance.now()
      const producing = produce(place, 0, EVENTS)
      for (const share of [0.2, 0.45, 0.7]) {
        await untilCommitted(place, EVENTS * share)
        await sink.kill('SIGKILL')
        await sink.restart()
      }
      await producing
      await allCommitted(place, EVENTS)
      const seconds = (performance.now() - startedAt) / 1_000
      await sink.end()
      const answer = await query(place, '--day', DAY, '--top-pastes', '--limit', '1000')
      expect(answer).toMatchObject({ events: EVENTS, counted: EVENTS, unreadable: 0, otherVersions: 0, mayLack: 0 })
      // Each of the 1,000 pastes was viewed a thousand times: none missing here and double there.
      expect(new Set(answer.top.map(({ count }) => count))).toEqual(new Set([EVENTS / 1_000]))
      expect(answer.repeated).toBe(0)
      process.stdout.write(
        `1,000,000 events in ${seconds.toFixed(1)} s, ${Math.round(EVENTS / seconds / 1_000)} thousand/s\n`,
      )
    }, 240_000)

    test('two sinks share them, whoever joins, leaves or dies', async () => {
      const place = await createPlace(servers, 4)
      const first = await startSink(place, 'first')
      await produce(place, 0, 20_000)
      await untilCommitted(place, 5_000)
      const second = await startSink(place, 'second')
      await produce(place, 20_000, 60_000)
      await first.kill('SIGTERM')
      await produce(place, 60_000, 80_000)
      await first.restart()
      await second.kill('SIGKILL')
      await produce(place, 80_000, 100_000)
      // The group waits for the dead one until its session is over, unless it comes back.
      await second.restart()
      await allCommitted(place, 100_000)
      expect(await query(place, '--day', DAY, '--by', 'via')).toMatchObject({
        events: 100_000,
        top: [
          { key: 'page', count: 66_666 },
          { key: 'raw', count: 33_334 },
        ],
      })
      await Promise.all([first.end(), second.end()])
    }, 120_000)

    test('partitions that a topic gets later are read as well', async () => {
      const place = await createPlace(servers, 1)
      const sink = await startSink(place, 'grows')
      await produce(place, 0, 1_000)
      await allCommitted(place, 1_000)
      await servers.kafka.growTopic(place.topic, 3)
      const grown = { ...place, partitions: 3 }
      await produce(grown, 1_000, 4_000)
      await allCommitted(grown, 4_000)
      expect(await query(place, '--day', DAY)).toMatchObject({ events: 4_000 })
      await sink.end()
    }, 60_000)

    test('a sink that is asked to end writes what it has read first', async () => {
      const place = await createPlace(servers, 1)
      const sink = spawnSink(place, 'asked', { EVENTS_FILE_AGE: '1h' })
      await produce(place, 0, 1_000)
      await sink.says('"pending":1000')
      expect(await filesOf(place, DAY)).toEqual([])
      sink.signal('SIGTERM')
      expect(await sink.ended).toBe(0)
      expect(await committed(place)).toBe(1_000)
      expect(await query(place, '--day', DAY)).toMatchObject({ events: 1_000, files: 1 })
    }, 60_000)
  })

  async function untilCommitted(place: Place, events: number): Promise<void> {
    while ((await committed(place)) < events) await delay(20)
  }
}
