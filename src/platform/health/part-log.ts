import type { Logger } from '../../core/index.ts'
import type { Cause } from './cause.ts'
import type { Part } from './readiness.ts'

/** Hears of every check of a part: its cause and its error where it failed. */
export type PartLog = (part: Part, found: { cause: Cause; error: unknown } | undefined) => void

/** Writes one line for each change of a part: when it can't be used, for another cause, and again. */
export function createPartLog(logger: Logger): PartLog {
  const known = new Map<string, string>()
  return (part, found) => {
    const { name, place, required } = part
    if (place === undefined) return
    const code = found?.cause.code ?? 'ok'
    if (code === (known.get(name) ?? 'ok')) return
    known.set(name, code)
    const fields = { part: name, at: place.at }
    if (found === undefined) return logger.info(fields, `${name} available again`)
    const { why, remedy, seen, right } = found.cause
    const advice = remedy.replace('$settings', place.settings)
    const lacking = right ? ` (${right})` : ''
    const all = { ...fields, cause: code, ...(seen && { seen }), ...(code === 'unknown' && { err: found.error }) }
    const line = `${name} unavailable: ${why}${lacking}: ${advice}`
    if (required) logger.error(all, line)
    else logger.warn(all, `${line}; going on without it`)
  }
}
