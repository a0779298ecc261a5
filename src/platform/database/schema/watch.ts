import { AppError, isAppError, type Logger } from '../../../core/index.ts'
import type { Part } from '../../health/index.ts'
import { describeSchema, isUsable, type SchemaState, schemaState } from './state.ts'

/** Knows whether the schema is one that this release can work with; looks again until it is. */
export type SchemaWatch = {
  /** Looks, unless that was done within the last second. False where the schema is known to be of no use. */
  look(): Promise<boolean>
  /**
   * Undefined while statements may run. Otherwise it looks again first, and rejects with `schema_mismatch` as long as the
   * schema is not usable, or as the look itself fails.
   */
  whenUsable(): Promise<void> | undefined
}

export type SchemaWatchDeps = {
  /** The names of the migrations that the database remembers; none where there is no such database. */
  applied(): Promise<string[]>
  /** The names of those that this release knows. */
  known: readonly string[]
  /** How the schema is brought up to date here, for the log. */
  remedy: string
  logger: Logger
  /** Milliseconds, for the pause between two looks. */
  now: () => number
}

const KEPT_MS = 1_000

/** The schema as a part of the service: usable, or not known because the database can't be asked. */
export function schemaPart({ look }: SchemaWatch): Part {
  const check = async () => {
    if (!(await look())) throw refusal()
  }
  return { name: 'schema', check, required: true }
}

/** Has no stack: requests and sweeps log it, and the place where it is thrown is unrelated to the cause. */
function refusal(): AppError {
  const error = new AppError('schema_mismatch')
  error.stack = `${error.name}: ${error.message}`
  return error
}

/** A watch that has not looked yet. Logs each change of the state, once. */
export function createSchemaWatch({ applied, known, remedy, logger, now }: SchemaWatchDeps): SchemaWatch {
  let state: SchemaState | undefined
  let last: { at: number; result: Promise<void> } | undefined

  async function ask(): Promise<void> {
    const found = schemaState(await applied(), known)
    const isNews = found.kind !== (state?.kind ?? 'current')
    state = found
    if (!isNews) return
    const message = describeSchema(found, remedy)
    if (!isUsable(found)) logger.error({}, message)
    else if (found.kind === 'newer') logger.warn({}, message)
    else logger.info({}, message)
  }

  function lookOnce(): Promise<void> {
    if (last === undefined || now() - last.at > KEPT_MS) {
      const looking = { at: now(), result: ask() }
      last = looking
      // A database that is away is asked again with the next statement.
      looking.result.catch(() => {
        if (last === looking) last = undefined
      })
    }
    return last.result
  }

  const isUseless = () => state !== undefined && !isUsable(state)

  async function refuseIfUnusable(): Promise<void> {
    await lookOnce().catch((error: unknown) => {
      // Whatever else keeps it from being read, such as a missing right, is for the statement itself to find.
      if (isAppError(error, 'database_unavailable', 'overloaded')) throw error
    })
    if (isUseless()) throw refusal()
  }

  return {
    async look() {
      await lookOnce().catch(() => {})
      return !isUseless()
    },
    whenUsable: () => (state !== undefined && isUsable(state) ? undefined : refuseIfUnusable()),
  }
}
