import { Value } from 'typebox/value'
import { beforeEach, describe, expect, test } from 'vitest'
import { createPerformanceReports } from '../../../src/analytics/performance/performance.ts'
import { PerformanceSchema, RANGES } from '../../../src/analytics/performance/schema.ts'
import { encodeRecording } from '../../../src/analytics/recording/codec.ts'
import { rollUp } from '../../../src/analytics/recording/roll-up.ts'
import { patiently } from '../../patience.ts'
import { keepMinute, MIDNIGHT, MINUTE_MS, minuteOf, onBothDatabases, useWorld } from '../recording/recordings-world.ts'

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

onBothDatabases((name, open) =>
  describe(`reports on ${name}`, () => {
    const world = useWorld(open)
    // Each test has months of its own.
    let start = MIDNIGHT
    beforeEach(() => {
      start += 100 * DAY_MS
    })
    const keep = (minute: number, replica: string, milliseconds: number[], more = {}) =>
      keepMinute(
        world,
        start + minute * MINUTE_MS,
        minuteOf(replica, milliseconds, start + (minute + 1) * MINUTE_MS, more),
      )
    const reportsAt = (minute: number) =>
      createPerformanceReports({ rows: world.rows, clock: { now: () => start + minute * MINUTE_MS + 5_000 } })

    test('percentiles of a step are of the requests of all replicas together', async () => {
      await keep(0, 'a', new Array(90).fill(1))
      await keep(0, 'b', new Array(10).fill(1_000))
      const { requests, routes } = await reportsAt(1).ask('5m')
      expect(requests.p50Ms.at(-1)).toBeCloseTo(1, 1)
      expect((requests.p99Ms.at(-1) ?? 0) / 1_000).toBeCloseTo(1, 1)
      // The mean of the two replicas' would be 500.
      expect((routes[0]?.p90Ms ?? 0) / 1_000).toBeLessThan(0.01)
    })

    test('rates, shares and sizes are those of the step', async () => {
      const routes = minuteOf('a', [1, 2, 3], 0).routes.map((route) => ({ ...route, refused: 6, errors: 3 }))
      await keep(0, 'a', [1, 2, 3], { routes })
      const { requests, perReplica, caches, sweeper, parts } = await reportsAt(1).ask('5m')
      expect(requests.perSecond).toEqual([null, null, null, null, 0.05])
      expect(requests.refusedPerSecond.at(-1)).toBe(0.1)
      expect(requests.errorsPerSecond.at(-1)).toBe(0.05)
      expect(requests.bytesOutPerSecond.at(-1)).toBeCloseTo(4_096 / 60, 2)
      expect(perReplica).toMatchObject([{ name: 'a', cpuShare: [null, null, null, null, 0.5] }])
      expect(perReplica[0]).toMatchObject({
        gcMsPerSecond: [null, null, null, null, 1],
        sockets: [null, null, null, null, 7],
      })
      expect(caches).toMatchObject([{ level: 'pastes', share: 0.75 }])
      expect(sweeper).toMatchObject({
        sweptPerSecond: [null, null, null, null, 0.1],
        backlog: [null, null, null, null, 2],
      })
      expect(parts.map(({ part, share }) => [part, Math.round(share * 100)])).toEqual([
        ['database', 17],
        ['other', 83],
      ])
    })

    test('what has been rolled up and what has not are one course', async () => {
      for (const minute of [0, 10, 20, 25]) await keep(minute, 'a', [5])
      await rollUp(world, start + 22 * MINUTE_MS, true)
      const { requests, times, routes } = await reportsAt(28).ask('6h')
      expect(routes).toMatchObject([{ count: 4 }])
      expect(times.slice(-3)).toEqual([0, 10, 20].map((minute) => start + minute * MINUTE_MS))
      // The last step is under way for eight minutes.
      expect(requests.perSecond.slice(-3)).toEqual(
        [1 / 600, 1 / 600, 2 / 480].map((rate) => Math.round(rate * 1_000) / 1_000),
      )
    })

    test('every range has the form that is documented, with and without data', async () => {
      await keep(0, 'a', [1])
      for (const range of RANGES)
        for (const minute of [1, 60 * 24 * 50]) {
          const report = await reportsAt(minute).ask(range)
          expect([...Value.Errors(PerformanceSchema, report)]).toEqual([])
          expect(report.times).toHaveLength(report.requests.perSecond.length)
        }
    })

    test('the resource that is nearest to its limit has a name', async () => {
      const busy = (figures: object) => ({ replicas: [{ ...minuteOf('a', [1], 0).replicas[0], ...figures }] })
      const saturated = async (minute: number, figures: object) => {
        await keep(minute, 'a', [1], busy(figures))
        return (await reportsAt(minute + 1).ask('5m')).now.saturated
      }
      expect(await saturated(0, { activeUs: 57_000_000 })).toEqual({ resource: 'event loop', share: 0.95 })
      expect(await saturated(10, { cpuUs: 110_000_000 })).toEqual({ resource: 'cpu', share: 0.917 })
      expect(await saturated(20, { databaseUs: 540_000_000 })).toEqual({ resource: 'database pool', share: 0.9 })
      expect(await saturated(30, { rssBytes: 990_000_000 })).toEqual({ resource: 'memory', share: 0.99 })
    })

    test('one answer is made for all who ask within five seconds', async () => {
      const reports = reportsAt(1)
      expect(await reports.ask('24h')).toBe(await reports.ask('24h'))
    })

    test('a day is read from its roll-ups, one recording for ten minutes', { timeout: patiently(60_000) }, async () => {
      const bodies = Array.from('ab', (replica) => {
        return { replica, body: encodeRecording(minuteOf(replica, [1, 2, 3], start + DAY_MS)) }
      })
      for (let minute = 0; minute < 1_440; minute += 60) {
        const minutes = Array.from({ length: 60 }, (_one, index) => start + (minute + index) * MINUTE_MS)
        const rows = minutes.flatMap((started_at) =>
          bodies.map((one) => ({ ...one, started_at, period_ms: MINUTE_MS, sources: 1 })),
        )
        await world.db.insertInto('recordings').values(rows).execute()
      }
      expect(await rollUp(world, start + 1_442 * MINUTE_MS, true)).toBe(144 + 24 + 1)
      let read = 0
      const list: typeof world.rows.list = async (...span) => {
        const found = await world.rows.list(...span)
        read += found.length
        return found
      }
      const clock = { now: () => start + 1_440 * MINUTE_MS + 5_000 }
      const report = await createPerformanceReports({ rows: { ...world.rows, list }, clock }).ask('24h')
      expect(report.perReplica).toHaveLength(2)
      expect(report.requests.perSecond.every((rate) => rate !== null && rate > 0)).toBe(true)
      // Of 2,880 that there are.
      expect(read).toBeLessThan(200)
    })
  }),
)
