import { createContent } from '../../src/content/index.ts'
import { randomBelow, SILENT_EVENTS, systemRandom } from '../../src/core/index.ts'
import { createSweeper } from '../../src/expiry/index.ts'
import { createPastes, createUploadSlots } from '../../src/paste/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { type Backends, openBackends } from '../../src/wiring/backends.ts'
import { silentLogger } from '../platform/silent-logger.ts'

/** What must be true of rows and objects once nothing is under way and the sweeper has been. */
export type Audit = {
  /** Rows that wait for something: uploads, edits, objects to be removed. */
  unfinished: string[]
  /** Objects that no live row refers to. */
  strayObjects: string[]
  /** Live rows whose object isn't there. */
  missingObjects: string[]
  /** Live rows. */
  live: number
}

/** Longer than every lease and every grace, four times, and then than objects wait for their second removal. */
const STEPS_MS = [61_000, 61_000, 61_000, 61_000, 601_000]
const NEVER = '0 0 0 1 1 *'

/**
 * Sweeps the rows and objects that these environment variables name, as if minutes had passed, and compares them.
 * With an embedded database the service must not run meanwhile.
 */
export async function sweepAndAudit(
  environment: Record<string, string>,
  stepsMs: readonly number[] = STEPS_MS,
): Promise<Audit> {
  const config = loadConfig(environment)
  let now = Date.now()
  const clock = { now: () => now }
  const backends = await openBackends(config, { logger: silentLogger, clock })
  try {
    await backends.store.prepare()
    const content = createContent({ store: backends.store, cacheBytes: 0, inlineMaxBytes: config.inlineMaxBytes })
    const { sweepables } = createPastes({
      db: backends.database.db,
      content,
      clock,
      random: systemRandom,
      limits: config,
      expiry: { defaultMs: null, minMs: 0, maxMs: null },
      reserved: new Set(),
      uploads: createUploadSlots(1),
      events: SILENT_EVENTS,
      cache: { maxBytes: 1, maxAgeMs: 1 },
    })
    const sweeper = createSweeper(sweepables, { cron: NEVER, clock, logger: silentLogger, randomBelow })
    for (const stepMs of stepsMs) {
      now += stepMs
      await sweeper.run()
    }
    await sweeper.stop()
    return await audit(backends)
  } finally {
    await backends.store.close()
    await backends.redis?.close()
    await backends.database.close()
  }
}

async function audit({ database, store }: Backends): Promise<Audit> {
  const rows = await database.db
    .selectFrom('pastes')
    .select(['slug', 'state', 'object_key', 'pending_key', 'garbage', 'size_bytes'])
    .execute()
  const live = rows.filter(({ state }) => state === 'live')
  const objects = new Set<string>()
  for await (const { key } of store.list()) objects.add(key)
  const referred = new Set(live.flatMap(({ object_key }) => object_key ?? []))
  return {
    unfinished: rows
      .filter(({ state, pending_key, garbage }) => state === 'uploading' || pending_key !== null || garbage !== null)
      .map(({ slug, state, pending_key, garbage }) => `${slug} ${state} ${pending_key} ${garbage}`),
    strayObjects: [...objects.difference(referred)],
    missingObjects: [...referred.difference(objects)],
    live: live.length,
  }
}
