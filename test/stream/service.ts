import { describe, expect, onTestFinished, test } from 'vitest'
import { create, send, until } from '../blackbox/client.ts'
import { startService } from '../blackbox/service.ts'
import { allCommitted, createPlace, query, startSink } from './place.ts'
import type { Servers } from './servers.ts'

/** The whole path: a replica, Kafka, a sink, HDFS, a query. */
export function serviceSuite(servers: Servers): void {
  /** A number of `/metrics`. */
  async function figure(url: string, name: string): Promise<number> {
    const text = (await send(`${url}/metrics`)).bytes.toString()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  }

  describe('events of a replica', () => {
    test('reach a query: what was read most, and nothing that tells a secret', async () => {
      const place = await createPlace(servers)
      const sink = await startSink(place, 'whole-path')
      const service = await startService(place.environment)
      onTestFinished(() => service.stop())
      const often = await create(service.url, 'read often', 'visibility=public')
      const once = await create(service.url, 'read once', 'visibility=public')
      const secret = await create(service.url, 'read twice', 'visibility=private')
      for (const { slug } of [often, often, often, once, secret, secret]) await send(`${service.url}/raw/${slug}`)
      // What is on its way when a replica ends still goes.
      expect(await service.kill('SIGTERM')).toBe(0)
      await allCommitted(place, 9)
      expect(await query(place, '--by', 'action')).toMatchObject({
        events: 9,
        top: [
          { key: 'view', count: 6 },
          { key: 'create', count: 3 },
        ],
      })
      const { top } = await query(place, '--top-pastes')
      expect(top).toEqual([
        { key: often.slug, count: 3 },
        { key: expect.stringMatching(/^~[A-Za-z0-9_-]{22}$/), count: 2 },
        { key: once.slug, count: 1 },
      ])
      await sink.end()
    }, 120_000)

    test('hold up no request while Kafka is frozen, wait in memory, and go when it is not', async () => {
      const place = await createPlace(servers)
      const service = await startService(place.environment)
      onTestFinished(() => service.stop())
      const { slug } = await create(service.url, 'read while Kafka sleeps', 'visibility=public')
      await until(
        () => figure(service.url, 'paste_events_sent_total'),
        (sent) => sent === 1,
      )
      servers.kafka.pause()
      const answers = await Promise.all(Array.from({ length: 300 }, () => send(`${service.url}/raw/${slug}`)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      await until(
        () => figure(service.url, 'paste_event_failures_total'),
        (failures) => failures > 0,
        20_000,
      )
      expect((await send(`${service.url}/raw/${slug}`)).status).toBe(200)
      expect((await send(`${service.url}/health/ready`)).status).toBe(200)
      expect(await figure(service.url, 'paste_events_waiting')).toBeGreaterThan(0)
      servers.kafka.resume()
      await until(
        () => figure(service.url, 'paste_events_sent_total'),
        (sent) => sent === 302,
        40_000,
      )
      expect(await figure(service.url, 'paste_events_dropped_total')).toBe(0)
      const sink = await startSink(place, 'catches-up')
      await allCommitted(place, 302)
      expect(await query(place, '--top-pastes')).toMatchObject({ events: 302, top: [{ key: slug, count: 301 }] })
      await sink.end()
    }, 120_000)

    test('start and end no later because there is no Kafka', async () => {
      const place = await createPlace(servers)
      await servers.kafka.kill()
      const service = await startService(place.environment)
      onTestFinished(() => service.stop())
      const { slug } = await create(service.url, 'nobody is told', 'visibility=public')
      expect((await send(`${service.url}/raw/${slug}`)).status).toBe(200)
      expect(await service.kill('SIGTERM')).toBe(0)
      await servers.kafka.restart()
    }, 60_000)
  })
}
