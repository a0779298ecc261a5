import { type App, createApp } from '../../src/app.ts'
import { type Clock, systemRandom } from '../../src/core/index.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { silentLogger } from '../platform/silent-logger.ts'

const SETTINGS = {
  PORT: '0',
  LOG_LEVEL: 'silent',
  MIGRATE_AT_START: 'true',
  RATE_LIMIT_CREATE: 'off',
  RATE_LIMIT_UPLOAD: 'off',
  RATE_LIMIT_MISS: 'off',
  SWEEP_SCHEDULE: '0 0 1 1 *',
}

/** A replica in this process, with a clock of the test's own. */
export type Replica = { url: string; app: App }

/** Starts a replica on the backends that `environment` names, without limits and without a sweep; listens already. */
export async function startApp(environment: Record<string, string>, clock: Clock): Promise<Replica> {
  const config = loadConfig({ ...SETTINGS, ...environment })
  const app = await createApp({ config, logger: silentLogger, clock, random: systemRandom, version: '0.0.0' })
  return { app, url: await app.start() }
}
