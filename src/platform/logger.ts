import { pino } from 'pino'
import type { Logger } from '../core/index.ts'
import { logError } from './log-error.ts'
import { createLogOutput, type LogOutput } from './log-output.ts'

/** Member names whose values never reach a log line, at the top and one level down. */
const SECRET = ['authorization', 'cookie', 'token', 'editToken', 'password', 'content', 'body', 'secret']

/**
 * The process's logger: one JSON line for each event, or readable lines when a person watches.
 * Errors are logged with their causes, without what drivers attach to them; addresses of clients and slugs are never passed to it.
 */
export function createLogger(options: { level: string; pretty: boolean; output?: LogOutput }): Logger {
  const output = options.output ?? createLogOutput()
  const settings = {
    level: options.level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: logError },
    redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  }
  if (!options.pretty) return pino(settings, output)
  const readable = pino.transport({
    target: 'pino-pretty',
    options: { ignore: 'pid', translateTime: 'SYS:HH:MM:ss', destination: 2 },
  })
  // A terminal that was closed.
  readable.on('error', output.drop)
  return pino(settings, readable)
}
