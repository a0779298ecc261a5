import { monitorEventLoopDelay } from 'node:perf_hooks'
import { BLANK_ROW } from '../../src/paste/rows/repository.ts'
import { NO_CONTENT } from '../../src/paste/rows/row.ts'
import type { PasteRow } from '../../src/paste/rows/tables.ts'
import { createWorld } from '../paste/world.ts'

/** What a sweep of a backlog did, times in ms. */
export type Backlog = {
  rows: number
  purged: number
  sweepMs: number
  /** The longest that anything else had to wait for the loop. */
  longestBlockMs: number
  /** The slowest of the reads that went on meanwhile. */
  slowestReadMs: number
  /** How many reads were answered meanwhile. */
  reads: number
  /** Rows that are still due. */
  left: number
}

const INSERTED_AT_ONCE = 500

/** Fills an embedded database with `rows` pastes that have ended, sweeps them all, and reads one paste all the while. */
export async function measureBacklog(rows: number): Promise<Backlog> {
  const world = await createWorld()
  try {
    const kept = await world.pastes.create({ expiresIn: 'never' }, { source: Buffer.from('kept') })
    const over = world.time.now - 1
    for (let first = 0; first < rows; first += INSERTED_AT_ONCE) {
      const count = Math.min(INSERTED_AT_ONCE, rows - first)
      const batch = Array.from({ length: count }, (_, index) => endedRow(`ended${first + index}`, over))
      await Promise.all(
        batch.map((row) =>
          world.db
            .insertInto('pastes')
            .values({ ...row, burn_after_reading: 0 })
            .execute(),
        ),
      )
    }
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const startedAt = performance.now()
    let sweeping = true
    let slowestReadMs = 0
    let reads = 0
    const reader = (async () => {
      while (sweeping) {
        const askedAt = performance.now()
        await world.db.selectFrom('pastes').selectAll().where('slug', '=', kept.paste.slug).execute()
        slowestReadMs = Math.max(slowestReadMs, performance.now() - askedAt)
        reads++
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const [result] = await world.sweep()
    sweeping = false
    await reader
    delay.disable()
    const due = world.db.selectFrom('pastes').select(({ fn }) => fn.countAll<number>().as('count'))
    const [left] = await due.where('purge_at', '<=', world.time.now).execute()
    return {
      rows,
      purged: result?.purged ?? 0,
      sweepMs: Math.round(performance.now() - startedAt),
      longestBlockMs: Math.round(delay.max / 1e6),
      slowestReadMs: Math.round(slowestReadMs),
      reads,
      left: left?.count ?? 0,
    }
  } finally {
    await world.close()
  }
}

function endedRow(slug: string, over: number): PasteRow {
  return {
    ...BLANK_ROW,
    ...NO_CONTENT,
    slug,
    state: 'live',
    created_at: over - 60_000,
    updated_at: over - 60_000,
    expires_at: over,
    purge_at: over,
    visibility: 'unlisted',
    title: null,
    language: null,
    edit_token_hash: 'aa'.repeat(32),
    body: Buffer.from(`content of ${slug}\n`.repeat(20)),
  }
}
