import { parseArgs } from 'node:util'
import { systemClock } from '../core/index.ts'
import { backUpPastes, restorePastes } from '../paste/index.ts'
import { createLogger, migrate } from '../platform/index.ts'
import { ConfigError, loadConfig } from '../settings/index.ts'
import { type Backends, openBackends } from '../wiring/index.ts'
import { readBackup, writeBackup } from './backup-folder.ts'

// `npm run backup -- FOLDER` while the service runs (embedded: not), `npm run restore -- FOLDER` into the database and
// the store that the configuration names, whatever kind they were of. Exit 0: done; 1: pastes were missing; 2: failed.

const SAYS_EVERY_MS = 5_000

try {
  const { values, positionals } = parseArgs({ options: { restore: { type: 'boolean' } }, allowPositionals: true })
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0) throw new ConfigError('name one folder: npm run backup -- FOLDER')
  // Redis holds nothing that could be backed up.
  const config = { ...loadConfig(), redisUrl: undefined }
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true })
  const backends = await openBackends(config, { logger, clock: systemClock })
  try {
    process.exitCode = values.restore ? await restore(backends, folder) : await backUp(backends, folder)
  } finally {
    backends.watchedClock?.stop()
    await backends.store.close()
    await backends.database.close()
  }
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`${cause instanceof Error ? `${message} (${cause.message})` : message}\n`)
  process.exitCode = 2
}

async function backUp({ database, store, clock }: Backends, folder: string): Promise<number> {
  const target = await writeBackup(folder)
  const say = progress()
  try {
    const report = await backUpPastes({ db: database.db, store, clock }, target, (now) =>
      say(() => `${now.pastes} pastes`),
    )
    const removed = await target.finish()
    const { pastes, tombstones, copied, missing } = report
    process.stdout.write(
      `${pastes} pastes and ${tombstones} tombstones in ${folder}; ${copied.objects} objects copied, ` +
        `${copied.bytes} bytes; ${removed} of older backups removed\n`,
    )
    return sayMissing(missing, 'The store has lost the content of')
  } finally {
    await target.close()
  }
}

async function restore({ database, store, clock }: Backends, folder: string): Promise<number> {
  await migrate(database)
  await store.prepare()
  const backup = readBackup(folder)
  const say = progress()
  const report = await restorePastes({ db: database.db, store, clock }, backup, (now) =>
    say(() => `${now.pastes} pastes`),
  )
  const { pastes, tombstones, present, over, missing } = report
  process.stdout.write(
    `${pastes} pastes and ${tombstones} tombstones restored; ${present} were there already, ${over} have ended\n`,
  )
  return sayMissing(missing, 'The backup lacks the content of')
}

function sayMissing(slugs: readonly string[], sentence: string): 0 | 1 {
  for (const slug of slugs) process.stdout.write(`${sentence} ${slug}\n`)
  return slugs.length === 0 ? 0 : 1
}

/** Says how far it is, not more often than every few seconds. */
function progress(): (text: () => string) => void {
  let saidAt = performance.now()
  return (text) => {
    if (performance.now() - saidAt < SAYS_EVERY_MS) return
    saidAt = performance.now()
    process.stderr.write(`${text()} …\n`)
  }
}
