import { beforeEach, describe, expect, test } from 'vitest'
import { decodeRecording } from '../../src/analytics/recording/codec.ts'
import { forgetOld, rollUp } from '../../src/analytics/recording/roll-up.ts'
import type { RecordingTables } from '../../src/analytics/recording/tables.ts'
import type { Database } from '../../src/platform/database/index.ts'
import { keepMinute, MIDNIGHT, MINUTE_MS, minuteOf, useWorld } from '../analytics/recording/recordings-world.ts'

const TEN_MS = 10 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What roll-ups are on every engine. `open` gives an empty database, which is closed here. */
export function rollUpContract(name: string, open: () => Promise<Database<RecordingTables>>): void {
  describe(`roll-ups on ${name}`, () => {
    const world = useWorld(open)
    // Each test has days of its own.
    let start = MIDNIGHT
    beforeEach(() => {
      start += 10 * DAY_MS
    })
    const keep = (replica: string, minute: number, milliseconds = [minute + 1]) =>
      keepMinute(world, start + minute * MINUTE_MS, minuteOf(replica, milliseconds, start + (minute + 1) * MINUTE_MS))
    const roll = (minute: number, everything = false) => rollUp(world, start + minute * MINUTE_MS, everything)
    const made = async (periodMs: number) => {
      const rows = await world.rows.list(periodMs, start, start + DAY_MS)
      return rows.map(({ started_at, sources, body }) => {
        return { minute: (started_at - start) / MINUTE_MS, sources, bytes: Buffer.from(body).toString('hex') }
      })
    }
    const recordingAt = async (periodMs: number) => {
      const [row] = await world.rows.list(periodMs, start, start + DAY_MS)
      return decodeRecording(Buffer.from(row?.body ?? []))
    }

    test('hold the minutes of all replicas', async () => {
      for (const minute of [0, 3, 9]) await Promise.all([keep('a', minute), keep('b', minute)])
      expect(await roll(12)).toBe(1)
      const recording = await recordingAt(TEN_MS)
      expect(recording?.routes).toMatchObject([{ route: 'GET /raw/:slug', count: 6, bytesOut: 6 * 4_096 }])
      expect(recording?.replicas).toMatchObject([
        { name: 'a', count: 3, coveredMs: 3 * MINUTE_MS, rssBytes: 100_000_000, seenAt: start + TEN_MS },
        { name: 'b', count: 3 },
      ])
      expect(recording).toMatchObject({ swept: 36, backlog: 2, caches: [{ level: 'pastes', hits: 18, misses: 6 }] })
    })

    test('twice is once', async () => {
      await keep('a', 1)
      await roll(15)
      const first = await made(TEN_MS)
      expect(await roll(16)).toBe(0)
      expect(await roll(17, true)).toBe(0)
      expect(await made(TEN_MS)).toEqual(first)
    })

    test('by two replicas at once is once', async () => {
      for (const minute of [1, 2, 13, 25]) await keep('a', minute)
      await Promise.all([roll(95), roll(95)])
      const both = await made(HOUR_MS)
      expect(both).toMatchObject([{ minute: 0, sources: 4 }])
      expect(await roll(95)).toBe(0)
    })

    test('take in a minute that was written late, and what was made of them too', async () => {
      await keep('a', 1)
      await roll(70)
      await keep('b', 2)
      await roll(80)
      expect(await made(TEN_MS)).toMatchObject([{ minute: 0, sources: 2 }])
      expect(await made(HOUR_MS)).toMatchObject([{ minute: 0, sources: 2 }])
      expect((await recordingAt(HOUR_MS))?.replicas.map(({ name }) => name)).toEqual(['a', 'b'])
    })

    test('are the same whatever was known first', async () => {
      const late = async (first: string, second: string) => {
        start += 10 * DAY_MS
        await keep(first, 1, [first === 'a' ? 5 : 7])
        await roll(15)
        await keep(second, 1, [second === 'a' ? 5 : 7])
        await roll(15)
        const recording = await recordingAt(TEN_MS)
        // The days differ, and so do the times at which replicas were seen.
        return { ...recording, replicas: recording?.replicas.map((one) => ({ ...one, seenAt: 0 })) }
      }
      expect(await late('a', 'b')).toEqual(await late('b', 'a'))
    })

    test('do not give way to what is made of less', async () => {
      await keep('a', 1)
      await keep('b', 1)
      await roll(15)
      const whole = await made(TEN_MS)
      await world.rows.put({ period_ms: TEN_MS, started_at: start, replica: '', sources: 1, body: Buffer.from('less') })
      expect(await made(TEN_MS)).toEqual(whole)
    })

    test('of an hour and a day are made when they are over, and not before', async () => {
      for (const minute of [0, 59, 60, 1_439]) await keep('a', minute)
      await roll(60)
      expect(await made(HOUR_MS)).toEqual([])
      await roll(24 * 60 + 2, true)
      expect((await made(HOUR_MS)).map(({ minute, sources }) => [minute, sources])).toEqual([
        [0, 2],
        [60, 1],
        [1_380, 1],
      ])
      expect(await made(DAY_MS)).toMatchObject([{ minute: 0, sources: 4 }])
    })

    test('stay when their minutes are forgotten', async () => {
      await keep('a', 1)
      await roll(15)
      await forgetOld(world.rows, start + 3 * DAY_MS)
      expect(await made(MINUTE_MS)).toEqual([])
      await rollUp(world, start + 3 * DAY_MS, true)
      expect(await made(TEN_MS)).toMatchObject([{ minute: 0, sources: 1 }])
    })
  })
}
