import { schedule } from 'node-cron'
import { AppError, type Clock, isAppError, type Logger } from '../core/index.ts'
import { type Sweepable, type SweepResult, sweep } from './sweeper.ts'

/** The running sweeper. */
export type Sweeper = {
  /** Sweeps now, after a sweep under way; used by tests and at start. */
  run(): Promise<SweepResult[]>
  /** Ends the schedule and waits for the batch under way. */
  stop(): Promise<void>
}

/**
 * Sweeps each target on a cron schedule. Sweeps of one process never overlap; those of several replicas may.
 * `onSwept` is called after every sweep, for metrics.
 */
export function createSweeper(
  targets: Sweepable<unknown>[],
  deps: {
    cron: string
    clock: Clock
    logger: Logger
    randomBelow(bound: number): number
    onSwept?(result: SweepResult): void
  },
): Sweeper {
  const abort = new AbortController()
  let running: Promise<SweepResult[]> = Promise.resolve([])
  const once = async () => {
    const results: SweepResult[] = []
    for (const target of targets) {
      if (abort.signal.aborted) break
      const result = await sweep(target, { ...deps, signal: abort.signal })
      if (result.purged > 0) deps.logger.info(result, 'swept')
      deps.onSwept?.(result)
      results.push(result)
    }
    return results
  }
  const run = () => {
    running = running.catch(() => []).then(once)
    return running
  }
  const task = schedule(
    deps.cron,
    () =>
      run().then(
        () => {},
        (error) => {
          const expected = isAppError(error, 'database_unavailable', 'overloaded')
          deps.logger[expected ? 'warn' : 'error']({ err: error }, 'the sweep failed; the next one tries again')
        },
      ),
    { noOverlap: true, name: 'sweep', logger: quietly(deps.logger) },
  )
  return {
    run,
    async stop() {
      abort.abort(new AppError('overloaded'))
      await task.stop()
      await running.catch(() => {})
    },
  }
}

/** Logs the library's own messages, such as that a sweep outlasted its interval, for developers only. */
function quietly(logger: Logger) {
  const log = (message: string | Error) => logger.debug({ scheduler: `${message}` }, 'message of the scheduler')
  return { info: log, warn: log, error: log, debug: log }
}
