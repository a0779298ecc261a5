import { type Cause, diagnose } from './cause.ts'
import type { PartLog } from './part-log.ts'

/** Where a part is, for the log: without user and password, and which variables say so. */
export type Place = { at: string; settings: string }

/** One part that the service needs, or would like to have. */
export type Part = {
  name: string
  /** Rejects when the part can't be used now; must settle within seconds. */
  check(): Promise<void>
  /** Whether a process is of no use before it has worked once: a wrong password, a missing right, a schema. */
  required: boolean
  /** Where it is; a part without it writes its own lines. */
  place?: Place
  /** Its own parts and whether each could be used at the last check; one that could not makes nothing unready. */
  members?(): Readonly<Record<string, boolean>>
  /** Figures of the last check, by their names in the answer; undefined ones are left out. */
  detail?(): Record<string, number | undefined>
}

/**
 * What the last checks found: whether this process should get requests, which parts can't be used now, and each part's
 * state in one word.
 */
export type ReadinessReport = {
  ready: boolean
  degraded: string[]
  parts: Record<string, 'ok' | 'unavailable' | 'draining'>
  /** The cause of each that can't be used, where one is known. */
  causes: Record<string, Cause['code']>
  /** Figures of the parts. */
  details: Record<string, number | undefined>
}

/** Knows whether this process should get requests. */
export type Readiness = {
  /** Checks all parts, or gives a result of the last second. */
  ask(): Promise<ReadinessReport>
  /** What was found last, without waiting; undefined before the first check has ended. */
  last(): ReadinessReport | undefined
  /** From now on it should get none. */
  drain(): void
  isDraining(): boolean
}

const KEPT_MS = 1_000

/**
 * A required part that has never worked keeps this process from being ready, since others may be better off. One that has
 * worked and is away now is away for all replicas, as a rule: they stay ready, answer what they can without it, and say
 * 503 themselves for the rest. Taken out all at once, they would answer nothing.
 *
 * Answers readiness from checks of all parts at once, at most once a second however often it is asked: probes of many
 * load balancers must not become load. `heard` hears of every check.
 */
export function createReadiness(parts: Part[], now: () => number, heard: PartLog): Readiness {
  let draining = false
  let last: { at: number; result: Promise<ReadinessReport> } | undefined
  let known: ReadinessReport | undefined
  const hasWorked = new Set<Part>()

  async function check(): Promise<ReadinessReport> {
    const states: ReadinessReport['parts'] = {}
    const causes: ReadinessReport['causes'] = {}
    await Promise.all(
      parts.map(async (part) => {
        const found = await part.check().then(
          () => undefined,
          (error: unknown) => ({ error, cause: diagnose(error) }),
        )
        const ok = found === undefined
        heard(part, found)
        if (found && part.place) causes[part.name] = found.cause.code
        states[part.name] = ok ? 'ok' : 'unavailable'
        for (const [name, is] of Object.entries(part.members?.() ?? {}))
          states[`${part.name} ${name}`] = is ? 'ok' : 'unavailable'
        if (ok) hasWorked.add(part)
      }),
    )
    const ready = parts.every((part) => !part.required || hasWorked.has(part))
    const degraded = Object.keys(states).filter((name) => states[name] !== 'ok')
    known = {
      ready,
      degraded,
      parts: states,
      causes,
      details: Object.assign({}, ...parts.map((part) => part.detail?.())),
    }
    return known
  }

  return {
    ask() {
      if (draining)
        return Promise.resolve({ ready: false, degraded: [], parts: { process: 'draining' }, causes: {}, details: {} })
      // The other way round too: a clock that was put back must not keep an old answer until it has caught up.
      if (last === undefined || Math.abs(now() - last.at) > KEPT_MS) last = { at: now(), result: check() }
      return last.result
    },
    last: () => known,
    drain() {
      draining = true
    },
    isDraining: () => draining,
  }
}
