import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Kysely } from 'kysely'
import { DuplicateKey } from '../../core/index.ts'
import type { Run } from './schema.ts'
import type { RunTables } from './tables.ts'

/** Runs of the load lab that are kept; the oldest go first. */
export const MOST_RUNS = 200

/** A run in a list. Times are epoch ms, rates per second. */
export type RunSummary = {
  id: string
  name: string
  startedAt: number
  endedAt: number
  /** Name of the profile. */
  profile: string
  target: string
  /** Why it doesn't count; null: it does. */
  void: string | null
  version: string | null
  replicas: number | null
  /** The most that was answered as it must be. */
  bestPerSecond: number
  knee: { perSecond: number; saturated: string } | null
}

/** The runs that were stored, the same at every replica. */
export type Runs = {
  /** Stores a run, in the place of one with the same id; true when there was none. */
  put(run: Run): Promise<boolean>
  /** Every run's summary, the latest first. */
  list(): Promise<RunSummary[]>
  /** A run as JSON text, undefined when there is none with this id. */
  json(id: string): Promise<string | undefined>
  /** Runs by their ids, in that order, without those that are not there. */
  read(ids: readonly string[]): Promise<Run[]>
}

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Keeps runs in `lab_runs`. */
export function createRuns(db: Kysely<RunTables>): Runs {
  /** Removes what is more than may be kept; two replicas may do so at once. */
  async function forgetOldest(): Promise<void> {
    const ids = await db.selectFrom('lab_runs').select('id').orderBy('started_at', 'desc').orderBy('id').execute()
    const old = ids.slice(MOST_RUNS).map(({ id }) => id)
    if (old.length > 0) await db.deleteFrom('lab_runs').where('id', 'in', old).execute()
  }

  async function json(id: string): Promise<string | undefined> {
    const row = await db.selectFrom('lab_runs').select('body').where('id', '=', id).executeTakeFirst()
    return row && (await decompress(row.body)).toString()
  }

  return {
    async put(run) {
      const { id, startedAt } = run
      const row = {
        started_at: startedAt,
        summary: Buffer.from(JSON.stringify(summarise(run))),
        body: await compress(JSON.stringify(run)),
      }
      try {
        await db
          .insertInto('lab_runs')
          .values({ id, ...row })
          .execute()
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error
        await db.updateTable('lab_runs').set(row).where('id', '=', id).execute()
        return false
      }
      await forgetOldest()
      return true
    },
    async list() {
      const rows = await db
        .selectFrom('lab_runs')
        .select('summary')
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(({ summary }) => JSON.parse(Buffer.from(summary).toString()) as RunSummary)
    },
    json,
    async read(ids) {
      const texts = await Promise.all(ids.map(json))
      return texts.filter((text) => text !== undefined).map((text) => JSON.parse(text) as Run)
    },
  }
}

function summarise({ id, name, startedAt, endedAt, profile, target, system, steps, knee, ...run }: Run): RunSummary {
  return {
    id,
    name,
    startedAt,
    endedAt,
    profile: profile.name,
    target,
    void: run.void,
    version: system.version,
    replicas: system.replicas,
    bestPerSecond: Math.max(0, ...steps.map(({ achievedPerSecond }) => achievedPerSecond)),
    knee,
  }
}
