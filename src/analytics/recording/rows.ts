import type { Kysely } from 'kysely'
import { DuplicateKey } from '../../core/index.ts'
import type { RecordingRow, RecordingTables } from './tables.ts'

/** The statements on `recordings`. Spans of time are [from, to), epoch ms. */
export type RecordingRows = ReturnType<typeof createRecordingRows>

/** All of them throw what statements throw: `database_unavailable`, `overloaded`, `storage_full`, OutcomeUnknown. */
export function createRecordingRows(db: Kysely<RecordingTables>) {
  const within = (periodMs: number, from: number, to: number) =>
    db
      .selectFrom('recordings')
      .where('period_ms', '=', periodMs)
      .where('started_at', '>=', from)
      .where('started_at', '<', to)
      .orderBy('started_at')
      .orderBy('replica')
  return {
    /** Adds the recording of a replica and minute; one that is there already is the same. */
    async add(row: RecordingRow): Promise<void> {
      try {
        await db.insertInto('recordings').values(row).execute()
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error
      }
    },
    /** Puts a recording in the place of one that was made of fewer sources; any replica may do so, any number of times. */
    async put(row: RecordingRow): Promise<void> {
      try {
        await db.insertInto('recordings').values(row).execute()
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error
        await db
          .updateTable('recordings')
          .set({ sources: row.sources, body: row.body })
          .where('period_ms', '=', row.period_ms)
          .where('started_at', '=', row.started_at)
          .where('replica', '=', row.replica)
          .where('sources', '<', row.sources)
          .execute()
      }
    },
    /** Oldest first, and by replica. */
    list: (periodMs: number, from: number, to: number): Promise<RecordingRow[]> =>
      within(periodMs, from, to).selectAll().execute(),
    /** The same without the recordings themselves. */
    sources: (periodMs: number, from: number, to: number): Promise<Pick<RecordingRow, 'started_at' | 'sources'>[]> =>
      within(periodMs, from, to).select(['started_at', 'sources']).execute(),
    /** Deletes what began before a time. */
    async forget(periodMs: number, before: number): Promise<void> {
      await db.deleteFrom('recordings').where('period_ms', '=', periodMs).where('started_at', '<', before).execute()
    },
  }
}
