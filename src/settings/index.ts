export { type Config, ConfigError, loadConfig } from './config.ts'
export { integer as parseInteger, size as parseBytes } from './parsers.ts'
