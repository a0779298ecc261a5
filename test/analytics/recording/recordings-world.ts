import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll } from 'vitest'
import { encodeRecording } from '../../../src/analytics/recording/codec.ts'
import type { Recording } from '../../../src/analytics/recording/recording.ts'
import { createRecordingRows, type RecordingRows } from '../../../src/analytics/recording/rows.ts'
import { type Sketches, sketches } from '../../../src/analytics/recording/sketch.ts'
import type { RecordingTables } from '../../../src/analytics/recording/tables.ts'
import { createMysql, createSqlite, type Database, migrate } from '../../../src/platform/database/index.ts'
import { silentLogger } from '../../platform/silent-logger.ts'
import { createDatabase, whenService } from '../../services/index.ts'
import { timesOf } from './times-of.ts'

export const MINUTE_MS = 60_000
/** The start of a day, an hour and a minute. */
export const MIDNIGHT = Date.UTC(2026, 10, 23)

/** A database with the table of recordings. */
export type World = { readonly db: Kysely<RecordingTables>; readonly rows: RecordingRows; readonly sketches: Sketches }

type Open = () => Promise<Database<RecordingTables>>

/** Registers a suite twice: `body` is given the name of an engine, and a function that opens an empty database. */
export function onBothDatabases(body: (name: string, open: Open) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-recordings-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  body('SQLite', async () => createSqlite({ file: join(folder, 'recordings.db'), logger: silentLogger }))
  whenService('sql', ({ sql }) => {
    let drop = async () => {}
    afterAll(() => drop())
    body(sql.product, async () => {
      const made = await createDatabase(sql)
      drop = made.drop
      return createMysql({ url: made.url, logger: silentLogger, random: Math.random })
    })
  })
}

/** Opens a database, migrates it, and closes it when the tests of the surrounding suite are over. */
export function useWorld(open: Open): World {
  let running: { database: Database<RecordingTables>; rows: RecordingRows; sketches: Sketches } | undefined
  beforeAll(async () => {
    const database = await open()
    await migrate(database)
    running = { database, rows: createRecordingRows(database.db), sketches }
  })
  afterAll(() => running?.database.close())
  const now = () => {
    if (!running) throw new Error('the database is there only during tests')
    return running
  }
  return {
    get db() {
      return now().database.db
    },
    get rows() {
      return now().rows
    },
    get sketches() {
      return now().sketches
    },
  }
}

/** A minute of a replica whose requests, all of one route, took so many ms each; `more` replaces what it is told. */
export function minuteOf(
  replica: string,
  milliseconds: readonly number[],
  endedAt: number,
  more: Partial<Recording> = {},
): Recording {
  const times = timesOf(milliseconds)
  return {
    routes: [{ route: 'GET /raw/:slug', ...times, refused: 0, errors: 0, bytesIn: 100, bytesOut: 4_096 }],
    parts: [{ part: 'database', ...timesOf([1]) }],
    caches: [{ level: 'pastes', hits: 3, misses: 1 }],
    replicas: [
      {
        name: replica,
        version: '0.1.0',
        startedAt: MIDNIGHT,
        ...times,
        seenAt: endedAt,
        coveredMs: MINUTE_MS,
        errors: 0,
        cpuUs: 30_000_000,
        activeUs: 15_000_000,
        gcUs: 60_000,
        poolWaitUs: 600_000,
        databaseUs: 1_000,
        loopDelay: timesOf([2]).sketch,
        rssBytes: 100_000_000,
        heapBytes: 20_000_000,
        sockets: 7,
        cores: 2,
        memoryLimitBytes: 1_000_000_000,
        connections: 10,
      },
    ],
    swept: 6,
    backlog: 2,
    backlogAgeMs: 500,
    ...more,
  }
}

/** Writes it as the replica itself would. */
export function keepMinute({ rows }: World, startedAt: number, recording: Recording): Promise<void> {
  const replica = recording.replicas[0]?.name ?? ''
  const body = encodeRecording(recording)
  return rows.add({ period_ms: MINUTE_MS, started_at: startedAt, replica, sources: 1, body })
}
