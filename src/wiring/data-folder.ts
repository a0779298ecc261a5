import { mkdirSync } from 'node:fs'
import { type Config, ConfigError } from '../settings/index.ts'

/** Makes the data folder, for this process's user alone, if it isn't there; throws {@link ConfigError} when that can't be. */
export function makeDataFolder(folder: Config['dataDir']): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new ConfigError(`DATA_DIR can not be used: ${error instanceof Error ? error.message : error}`)
  }
}
