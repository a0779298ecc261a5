import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContent, type ObjectStore } from '../../src/content/index.ts'
import { type PasteEvents, randomBelow, systemRandom } from '../../src/core/index.ts'
import { sweep } from '../../src/expiry/sweeper.ts'
import { createPastes, createUploadSlots, type PasteTables } from '../../src/paste/index.ts'
import { createSqlite, type Database, migrate } from '../../src/platform/index.ts'
import { createMemoryStore } from '../content/stores/memory-store.ts'
import { silentLogger } from '../platform/silent-logger.ts'

/** The paste room on a real SQLite file, with a clock that only tests move. */
export type World = Awaited<ReturnType<typeof createWorld>>

/** A database with the service's schema, and what removes it. */
export type WorldDatabase = { database: Database<PasteTables>; remove(): Promise<void> }

/** Builds it; `wrap` may stand between the room and the store, `places` is how many large uploads there may be at once. Whoever makes it calls its `close()`. */
export async function createWorld(
  wrap: (store: ObjectStore) => ObjectStore = (store) => store,
  places = 100,
  open: () => Promise<WorldDatabase> = openSqlite,
) {
  const { database, remove } = await open()
  const store = createMemoryStore()
  const time = { now: 1_800_000_000_000 }
  const clock = { now: () => time.now }
  const content = createContent({ store: wrap(store), cacheBytes: 0, inlineMaxBytes: 1_024 })
  const told: string[] = []
  const events: PasteEvents = {
    happened: (action, via, { slug, content: { sizeBytes } }) => told.push(`${action} ${slug} ${via} ${sizeBytes}`),
    forgotten: (slug) => told.push(`forgotten ${slug}`),
  }
  const replica = (db = database.db) =>
    createPastes({
      db,
      content,
      clock,
      random: systemRandom,
      limits: { maxPasteBytes: 10_000_000 },
      expiry: { defaultMs: null, minMs: 1_000, maxMs: null },
      reserved: new Set(),
      uploads: createUploadSlots(places),
      events,
      cache: { maxBytes: 1_000_000, maxAgeMs: 4_000 },
    })
  const { pastes, resumable, sweepables } = replica()
  return {
    pastes,
    resumable,
    content,
    /** Another one on the same database, or another handle of it, and the same store. */
    replica,
    store,
    time,
    /** What the room told of, in words. */
    told,
    db: database.db,
    /** One sweep of all targets; several may run at once, as those of several replicas do. */
    async sweep(signal = new AbortController().signal) {
      const results = []
      for (const target of sweepables)
        results.push(await sweep(target, { clock, logger: silentLogger, randomBelow, signal }))
      return results
    },
    rows: () => database.db.selectFrom('pastes').selectAll().execute(),
    async empty() {
      await database.db.deleteFrom('pastes').execute()
      store.objects.clear()
    },
    async close() {
      await database.close()
      await remove()
    },
  }
}

/** SQLite in a folder of its own. */
async function openSqlite(): Promise<WorldDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'pastebin-world-'))
  // No power cut happens here, and a machine that runs many tests at once has a slow disk.
  const database = createSqlite<PasteTables>({ file: join(folder, 'pastes.db'), durable: false, logger: silentLogger })
  await migrate(database)
  return { database, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}
