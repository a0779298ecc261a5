import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Config, ConfigError } from '../settings/index.ts'

/** Throws {@link ConfigError} where an embedded database is meant and none is there: a command must not make one. */
export function requireDatabase(config: Config): void {
  if (!config.databaseUrl && !existsSync(join(config.dataDir, 'pastes.db')))
    throw new ConfigError(
      `there is no database in ${resolve(config.dataDir)}: set DATA_DIR or DATABASE_URL, as the service has them`,
    )
}

/** The database and the store that a configuration names, for the operator; without secrets. */
export function sourceText(config: Config): string {
  const address = URL.parse(config.databaseUrl ?? '')
  const database = config.databaseUrl
    ? `database ${address ? `${address.host}${address.pathname}` : config.databaseUrl.replace(/^.*@/, '')}`
    : `embedded database ${resolve(config.dataDir, 'pastes.db')}`
  return `${database}, ${storeText(config)}`
}

/** The store that a configuration names. */
export function storeText(config: Config): string {
  if (!config.s3Endpoint) return `folder ${resolve(config.dataDir, 'objects')}`
  return `bucket ${config.s3Bucket} at ${config.s3Endpoint}`
}
