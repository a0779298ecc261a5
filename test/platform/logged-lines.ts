import type { Logger } from '../../src/core/index.ts'

/** A logger whose lines a test reads: `level message`. */
export function loggedLines(): { log: string[]; logger: Logger } {
  const log: string[] = []
  const at = (level: string) => (_fields: object, message: string) => void log.push(`${level} ${message}`)
  return { log, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}
