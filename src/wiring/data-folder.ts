import { mkdirSync } from 'node:fs'
import { type Config, ConfigError } from '../settings/index.ts'

/** Makes the data folder if it isn't there; throws {@link ConfigError} when that can't be. */
export function makeDataFolder(folder: Config['dataDir']): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new ConfigError(`DATA_DIR can not be used: ${error instanceof Error ? error.message : error}`)
  }
}
