export { basePath } from './base-path.ts'
export { type Config, ConfigError, loadConfig } from './config.ts'
export { duration as parseDuration, integer as parseInteger, size as parseBytes } from './parsers.ts'
export { settingWarnings } from './warnings.ts'
