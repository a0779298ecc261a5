import { causeOfSign } from './cause-signs.ts'
import { CAUSES, type CauseCode } from './causes.ts'

/** Why a part can't be used. */
export type Cause = {
  /** Stable, and free of names and secrets: what `/health/ready` shows. */
  code: CauseCode
  /** One sentence for the log. */
  why: string
  /** What the operator does. */
  remedy: string
  /** The word of the driver or the server for it, such as `ER_ACCESS_DENIED_ERROR`. */
  seen: string | undefined
  /** The right that is missing, such as `s3:PutObject`, where it is known. */
  right: string | undefined
}

type Trace = { name?: unknown; code?: unknown; right?: unknown; cause?: unknown; lastNodeError?: unknown }

const DEEPEST = 6

/**
 * Finds out from a driver's error why a part can't be used; pure. The innermost error that means something decides,
 * since those around it only say that a call failed.
 */
export function diagnose(error: unknown): Cause {
  let code: CauseCode = 'unknown'
  let seen: string | undefined
  let right: string | undefined
  let current: unknown = error
  for (let depth = 0; current instanceof Error && depth < DEEPEST; depth++) {
    const trace = current as Trace
    const sign = causeOfSign(current)
    if (sign !== undefined) {
      code = sign
      seen = wordOf(trace)
    }
    if (typeof trace.right === 'string') right = trace.right
    current = trace.cause ?? trace.lastNodeError ?? (current instanceof AggregateError ? current.errors[0] : undefined)
  }
  const [why, remedy] = CAUSES[code]
  return { code, why, remedy, seen, right }
}

function wordOf({ code, name }: Trace): string | undefined {
  if (typeof code === 'string') return code
  return typeof name === 'string' && name !== 'Error' ? name : undefined
}
