import { systemClock } from '../core/index.ts'
import { createLogger } from '../platform/index.ts'
import type { Config } from '../settings/index.ts'
import { type Backends, openBackends } from '../wiring/index.ts'
import { errorLine } from './progress.ts'

/**
 * Runs a command and sets the exit status that it gives. An error is one line on standard error after `failure`, and exit
 * status 2; arguments that `parseArgs` refuses are followed by `usage`.
 */
export async function runCommand(run: () => Promise<number>, usage: string, failure = ''): Promise<void> {
  try {
    process.exitCode = await run()
  } catch (error) {
    const isUsage = `${(error as { code?: string }).code}`.startsWith('ERR_PARSE_ARGS')
    process.stderr.write(`${failure}${errorLine(error)}${isUsage ? `\n${usage}` : ''}\n`)
    process.exitCode = 2
  }
}

/**
 * Opens the database and the store for `work` and closes them afterwards. `besideService` leaves an embedded database to
 * a service that may run.
 */
export async function withBackends<T>(
  config: Config,
  besideService: boolean,
  work: (backends: Backends) => Promise<T>,
): Promise<T> {
  const logger = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY === true })
  const backends = await openBackends(config, { logger, clock: systemClock, besideService })
  try {
    return await work(backends)
  } finally {
    backends.watchedClock?.stop()
    await backends.store.close()
    await backends.database.close()
  }
}
