import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../core/index.ts'
import { copyObjects } from '../paste/index.ts'
import { createLogger } from '../platform/index.ts'
import { type Config, ConfigError, loadConfig } from '../settings/index.ts'
import { openDatabase, openStore } from '../wiring/index.ts'
import { counted, createProgress } from './progress.ts'
import { runCommand } from './run-command.ts'
import { requireDatabase, storeText } from './source.ts'

// `npm run migrate-store -- --to s3` copies the objects of DATA_DIR into the bucket that S3_* name, `--to disk` the other way
// round, while the service runs on the store that they come from. Run again after it was stopped, it copies the rest.
// Nothing is removed. Exit 0: done; 1: done, but for the pastes that are named; 2: failed.

const USAGE = 'usage: npm run migrate-store -- --to s3|disk'

await runCommand(run, USAGE)

async function run(): Promise<number> {
  const { values } = parseArgs({ options: { to: { type: 'string' } } })
  if (values.to !== 's3' && values.to !== 'disk') throw new ConfigError(USAGE)
  const bucket = { ...loadConfig(), redisUrl: undefined }
  if (!bucket.s3Endpoint) throw new ConfigError('S3_ENDPOINT must be set, and the other settings of the bucket')
  requireDatabase(bucket)
  const folder: Config = { ...bucket, s3Endpoint: undefined }
  const [from, to] = values.to === 's3' ? [folder, bucket] : [bucket, folder]
  if (from === folder && !existsSync(join(bucket.dataDir, 'objects')))
    throw new ConfigError(`there is no folder ${resolve(bucket.dataDir, 'objects')}: set DATA_DIR`)
  return copy(from, to)
}

async function copy(from: Config, to: Config): Promise<number> {
  process.stdout.write(`from ${storeText(from)} to ${storeText(to)}\n`)
  const logger = createLogger({ level: from.logLevel, pretty: process.stderr.isTTY === true })
  const { database } = await openDatabase(from, logger, undefined, true)
  const place = { from: await openStore(from, logger), to: await openStore(to, logger) }
  const clockAt = systemClock.now()
  try {
    await place.to.prepare()
    const say = createProgress()
    const report = await copyObjects(database.db, place, (now) => say(() => `${counted(now.copied, 'object')} copied`))
    const seconds = Math.round((systemClock.now() - clockAt) / 1_000)
    process.stdout.write(
      `${counted(report.copied, 'object')} copied, ${report.bytes} bytes, in ${seconds} s; ${report.present} were there already\n`,
    )
    for (const slug of report.missing) process.stdout.write(`The store has lost the content of ${slug}\n`)
    for (const slug of report.damaged) process.stdout.write(`The content of ${slug} is damaged\n`)
    return report.missing.length + report.damaged.length === 0 ? 0 : 1
  } finally {
    await Promise.all([place.from.close(), place.to.close()])
    await database.close()
  }
}
