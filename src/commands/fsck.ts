import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../core/index.ts'
import { auditPastes } from '../paste/index.ts'
import { createLogger, createScratchKeys } from '../platform/index.ts'
import { type Config, ConfigError, loadConfig } from '../settings/index.ts'
import { openBackends } from '../wiring/index.ts'
import { exitCode, findingLine, summary } from './fsck-report.ts'

// `npm run fsck`: compares the rows with the objects that the configuration names, while the service runs or not
// (embedded: not). Exit 0: clean, or repaired; 1: something was found; 2: it could not be found out.

try {
  const { values } = parseArgs({ options: { repair: { type: 'boolean' }, force: { type: 'boolean' } } })
  // Redis holds nothing that could be missing.
  const config = { ...loadConfig(), redisUrl: undefined }
  process.exitCode = await check(config, { repair: values.repair === true, force: values.force === true })
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`${cause instanceof Error ? `${message} (${cause.message})` : message}\n`)
  process.exitCode = 2
}

async function check(config: Config, options: { repair: boolean; force: boolean }): Promise<number> {
  if (!config.databaseUrl && !existsSync(join(config.dataDir, 'pastes.db')))
    throw new ConfigError(`there is no database in ${config.dataDir}: set DATA_DIR or DATABASE_URL`)
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true })
  const { database, store, clock, watchedClock } = await openBackends(config, { logger, clock: systemClock })
  const index = createScratchKeys()
  try {
    const report = await auditPastes(
      { db: database.db, store, index, clock },
      { ...options, onFinding: (finding) => process.stdout.write(`${findingLine(finding)}\n`) },
    )
    process.stdout.write(`${summary(report, options.repair)}\n`)
    return exitCode(report)
  } finally {
    index.close()
    watchedClock?.stop()
    await store.close()
    await database.close()
  }
}
