import { describe, expect, test } from 'vitest'
import { decodeRecording } from '../../../src/analytics/recording/codec.ts'
import { createKeeper } from '../../../src/analytics/recording/keep.ts'
import { createRecorder } from '../../../src/analytics/recording/recorder.ts'
import { createRecordingRows, type RecordingRows } from '../../../src/analytics/recording/rows.ts'
import type { RecordingRow, RecordingTables } from '../../../src/analytics/recording/tables.ts'
import { AppError } from '../../../src/core/index.ts'
import { createMysql, migrate } from '../../../src/platform/database/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createDatabase, startFaultProxy, whenService } from '../../services/index.ts'
import { MIDNIGHT, MINUTE_MS } from './recordings-world.ts'

/** A recorder whose minutes go into a list, at the pace of a clock of our own; and a database that can be away. */
function setUp(given?: RecordingRows) {
  let now = MIDNIGHT
  let isAway = false
  let hang: Promise<void> | undefined
  const kept: RecordingRow[] = []
  const warnings: string[] = []
  const rows = {
    async add(row: RecordingRow) {
      await hang
      if (isAway) throw new AppError('database_unavailable')
      kept.push(row)
    },
  }
  const replica = { name: 'a', version: '1', startedAt: MIDNIGHT }
  const recorder = createRecorder(replica, { cores: 1, memoryLimitBytes: 1e9, connections: 0 })
  const keeper = createKeeper({
    rows: given ?? (rows as unknown as RecordingRows),
    recorder,
    replica: 'a',
    clock: { now: () => now },
    logger: { ...silentLogger, warn: (_fields, message) => void warnings.push(message) },
  })
  const answered = recorder.route('GET', '/raw/:slug')
  return {
    recorder,
    keeper,
    warnings,
    request: () => answered(2, 5, 100, 200),
    after: (ms: number) => {
      now += ms
    },
    away: (state: boolean) => {
      isAway = state
    },
    hangUntil: (until: Promise<void>) => {
      hang = until
    },
    kept: () =>
      kept.map(({ started_at, body }) => {
        const recording = decodeRecording(Buffer.from(body))
        return [(started_at - MIDNIGHT) / MINUTE_MS, recording?.routes[0]?.count ?? 0]
      }),
  }
}

describe('keeping what is recorded', () => {
  test('a minute is one row, written when it is over', async () => {
    const world = setUp()
    world.request()
    world.after(50_000)
    await world.keeper.tick()
    expect(world.kept()).toEqual([])
    world.request()
    world.after(10_000)
    await world.keeper.tick()
    world.request()
    world.after(MINUTE_MS)
    await world.keeper.tick()
    expect(world.kept()).toEqual([
      [0, 2],
      [1, 1],
    ])
    world.recorder.stop()
  })

  test('what was looked at live is part of its minute', async () => {
    const world = setUp()
    world.request()
    expect((await world.keeper.takePartial()).routes).toMatchObject([{ count: 1 }])
    world.request()
    world.request()
    expect((await world.keeper.takePartial()).routes).toMatchObject([{ count: 2 }])
    world.request()
    world.after(MINUTE_MS)
    await world.keeper.tick()
    expect(world.kept()).toEqual([[0, 4]])
    world.recorder.stop()
  })

  test('what ended a minute is told live too', async () => {
    const world = setUp()
    await world.keeper.takePartial()
    world.request()
    world.after(MINUTE_MS)
    await world.keeper.tick()
    world.request()
    expect((await world.keeper.takePartial()).routes).toMatchObject([{ count: 2 }])
    expect((await world.keeper.takePartial()).routes).toEqual([])
    world.after(MINUTE_MS)
    await world.keeper.tick()
    expect(world.kept()).toEqual([
      [0, 1],
      [1, 1],
    ])
    world.recorder.stop()
  })

  test('nothing is lost while the database is away for two hours, and the log says it once', async () => {
    const world = setUp()
    world.away(true)
    for (let minute = 0; minute < 120; minute++) {
      world.request()
      world.after(MINUTE_MS)
      await world.keeper.tick()
    }
    expect(world.keeper.waiting()).toBe(120)
    expect(world.warnings).toHaveLength(1)
    world.away(false)
    await world.keeper.tick()
    expect(world.kept()).toEqual(Array.from({ length: 120 }, (_one, minute) => [minute, 1]))
    world.recorder.stop()
  })

  test('of a longer time the latest two hours stay', async () => {
    const world = setUp()
    world.away(true)
    for (let minute = 0; minute < 200; minute++) {
      world.after(MINUTE_MS)
      await world.keeper.tick()
    }
    world.away(false)
    await world.keeper.tick()
    expect(world.kept().map(([minute]) => minute)).toEqual(Array.from({ length: 120 }, (_one, minute) => minute + 80))
    world.recorder.stop()
  })

  test('the minute under way is written at the stop', async () => {
    const world = setUp()
    world.request()
    world.after(20_000)
    await world.keeper.stop()
    expect(world.kept()).toEqual([[0, 1]])
    world.recorder.stop()
  })

  test('a database that never answers holds up neither requests nor the stop', async () => {
    const world = setUp()
    world.hangUntil(new Promise(() => {}))
    world.after(MINUTE_MS)
    void world.keeper.tick()
    for (let count = 0; count < 1_000; count++) world.request()
    await world.keeper.stop()
    world.recorder.stop()
  })
})

whenService('sql', ({ sql }) => {
  test('a database in the network that is gone for minutes gets them all when it is back', async () => {
    const made = await createDatabase(sql)
    const proxy = await startFaultProxy(sql.port)
    const url = new URL(made.url)
    url.port = `${proxy.port}`
    const database = await createMysql<RecordingTables>({ url: url.href, logger: silentLogger, random: Math.random })
    await migrate(database)
    const rows = createRecordingRows(database.db)
    const world = setUp(rows)
    await proxy.set({ blackHole: true })
    const writes: Promise<void>[] = []
    for (let minute = 0; minute < 3; minute++) {
      world.request()
      world.after(MINUTE_MS)
      writes.push(world.keeper.tick())
    }
    await Promise.all(writes)
    expect(world.keeper.waiting()).toBe(3)
    await proxy.set({})
    await world.keeper.tick()
    expect(world.keeper.waiting()).toBe(0)
    const kept = await rows.list(MINUTE_MS, MIDNIGHT, MIDNIGHT + 10 * MINUTE_MS)
    expect(kept.map(({ started_at }) => (started_at - MIDNIGHT) / MINUTE_MS)).toEqual([0, 1, 2])
    world.recorder.stop()
    await database.close()
    await proxy.stop()
    await made.drop()
  })
})
