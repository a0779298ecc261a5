import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createLogger, migrate } from '../platform/index.ts'
import { loadConfig } from '../settings/index.ts'
import { openDatabase } from '../wiring/index.ts'

// `npm run migrate`: brings the database that the configuration names up to date, then exits.

try {
  const config = loadConfig()
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true })
  const embedded = join(config.dataDir, 'pastes.db')
  if (!config.databaseUrl && !existsSync(embedded))
    process.stdout.write(`DATABASE_URL is not set: makes the embedded database ${resolve(embedded)}\n`)
  const { database } = await openDatabase(config, logger)
  try {
    const applied = await migrate(database)
    process.stdout.write(applied.length === 0 ? 'the database is up to date\n' : `applied ${applied.join(', ')}\n`)
  } finally {
    await database.close()
  }
} catch (error) {
  const { message, cause } = error as Error
  process.stderr.write(`${cause instanceof Error ? `${message}: ${cause.message}` : message}\n`)
  process.exitCode = 1
}
